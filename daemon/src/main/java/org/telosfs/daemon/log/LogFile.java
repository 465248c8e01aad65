package org.telosfs.daemon.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Lines of text in a file that is moved aside to {@code NAME.1} when it has grown large. */
public final class LogFile implements Closeable {
  private static final long DEFAULT_LIMIT_BYTES = 8 << 20;

  private final Path file;
  private final long limitBytes;

  @GuardedBy("this")
  private @Nullable FileChannel channel;

  public LogFile(Path file) {
    this(file, DEFAULT_LIMIT_BYTES);
  }

  LogFile(Path file, long limitBytes) {
    this.file = file;
    this.limitBytes = limitBytes;
  }

  public Path file() {
    return file;
  }

  /** Appends one message; a log that cannot be written is no reason to stop. */
  void write(System.Logger.Level level, String source, String message, @Nullable Throwable why) {
    StringWriter text = new StringWriter();
    text.append(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
        .append(' ')
        .append(level.getName())
        .append(" [")
        .append(Thread.currentThread().getName())
        .append("] ")
        .append(source.substring(source.lastIndexOf('.') + 1))
        .append(": ")
        .append(message)
        .append('\n');
    if (why != null) {
      why.printStackTrace(new PrintWriter(text, true));
    }
    append(text.toString());
  }

  private synchronized void append(String text) {
    try {
      FileChannel open = opened();
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
    } catch (IOException unwritable) {
      System.err.println("telosfs: " + file + ": " + unwritable.getMessage());
    }
  }

  @GuardedBy("this")
  private FileChannel opened() throws IOException {
    FileChannel open = channel;
    if (open != null && open.size() >= limitBytes) {
      open.close();
      open = null;
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    if (open == null) {
      open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      channel = open;
    }
    return open;
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
