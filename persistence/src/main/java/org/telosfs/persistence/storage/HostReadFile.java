package org.telosfs.persistence.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file to read. The JDK closes a channel under everyone when one of its readers is interrupted;
 * here the file is then opened again and the read repeated, and the interrupted thread stays
 * interrupted.
 */
final class HostReadFile implements ReadFile {

  private final Path path;

  /** Replaced under the lock; readers take whichever there is. */
  private volatile FileChannel channel;

  @GuardedBy("this")
  private boolean closed;

  HostReadFile(Path path) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public long sizeBytes() throws IOException {
    return opened(channel -> channel.size());
  }

  @Override
  public int read(ByteBuffer into, long offsetBytes) throws IOException {
    int start = into.position();
    return Math.toIntExact(
        opened(
            channel -> {
              into.position(start);
              while (into.hasRemaining()) {
                if (channel.read(into, offsetBytes + into.position() - start) < 0) {
                  break;
                }
              }
              return (long) into.position() - start;
            }));
  }

  private long opened(ChannelUse use) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        FileChannel current = channel;
        try {
          return use.on(current);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          reopen(current, e);
        } catch (ClosedChannelException e) {
          reopen(current, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen(FileChannel broken, ClosedChannelException reason)
      throws IOException {
    if (closed) {
      throw reason;
    }
    if (channel == broken) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }

  private interface ChannelUse {
    long on(FileChannel channel) throws IOException;
  }
}
