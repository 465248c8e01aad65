package org.telosfs.persistence.capability;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Set;

/**
 * Who used which capability for what: a line each, with the time and the peer's user and process.
 * The file before the current one is kept.
 */
final class AuditLog implements Closeable {
  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
  private static final String NAME = "audit.log";
  private static final String BEFORE = "audit.log.1";
  private static final long MAX_BYTES = 16L << 20;
  private static final int MAX_LINE_CHARS = 512;

  private final Path directory;
  private final InstantSource clock;

  @GuardedBy("this")
  private FileChannel file;

  AuditLog(Path directory, InstantSource clock) throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.file = open(directory);
  }

  private static FileChannel open(Path directory) throws IOException {
    return FileChannel.open(
        directory.resolve(NAME),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE),
        PrivateFiles.OWNER_ALONE);
  }

  /** Writes a line; a failure is logged and refuses nobody. */
  synchronized void write(String event, String who, String what) {
    String line = clock.instant() + " " + event + " " + who + (what.isEmpty() ? "" : ": " + what);
    String safe =
        line.replaceAll("\\p{Cntrl}", "?").substring(0, Math.min(line.length(), MAX_LINE_CHARS));
    try {
      if (file.size() > MAX_BYTES) {
        file.close();
        Files.move(
            directory.resolve(NAME), directory.resolve(BEFORE), StandardCopyOption.ATOMIC_MOVE);
        file = open(directory);
      }
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(safe + "\n");
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the audit log was not written: " + safe, e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
