package org.telosfs.persistence.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * A channel that stays open. The JDK closes a channel under everyone when a thread that uses it is
 * interrupted; here the file is then opened again and the use repeated, and the interrupted thread
 * stays interrupted. So a use must be one that may be repeated. Safe for threads.
 */
final class ReopeningChannel implements Closeable {
  private static final int PIECE_BYTES = 1 << 20;

  private final Path path;
  private final OpenOption option;

  /** Replaced under the lock; users take whichever there is. */
  private volatile FileChannel channel;

  @GuardedBy("this")
  private boolean closed;

  /** What is done with a channel, once or several times. */
  @FunctionalInterface
  interface Use {
    long on(FileChannel channel) throws IOException;
  }

  /** Of a file that exists, and is no symbolic link. */
  ReopeningChannel(Path path, OpenOption option) throws IOException {
    this.path = path;
    this.option = option;
    this.channel = FileChannel.open(path, option, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * What is transferred of a buffer at once: each thread keeps memory outside the heap as large as
   * the largest transfer it ever made from or to the heap.
   */
  static ByteBuffer piece(ByteBuffer buffer) {
    return buffer.slice(buffer.position(), Math.min(PIECE_BYTES, buffer.remaining()));
  }

  long use(Use use) throws IOException {
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
      channel = FileChannel.open(path, option, LinkOption.NOFOLLOW_LINKS);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
