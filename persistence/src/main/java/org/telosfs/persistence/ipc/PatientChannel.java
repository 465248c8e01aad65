package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that an interrupted thread may use: the JDK closes a channel under everybody when
 * one thread that waits for it is interrupted, but not where that thread waits for a selector. One
 * thread reads and one writes at a time. Interrupts are cleared here; the caller restores them.
 */
final class PatientChannel implements ReadableByteChannel {
  private final SocketChannel channel;
  private final Selector readable;
  private final long patienceMillis;
  private final ReadWait wait;

  /** Made when first needed: mostly what is written is taken at once. */
  @GuardedBy("this")
  private @Nullable Selector writable;

  @GuardedBy("this")
  private boolean closed;

  /**
   * Takes the channel over.
   *
   * @param lookingNanos for how long a reader that finds nothing looks again before it sleeps
   */
  PatientChannel(SocketChannel channel, Duration patience, long lookingNanos) throws IOException {
    this.wait = new ReadWait(Runtime.getRuntime().availableProcessors(), lookingNanos);
    this.channel = channel;
    this.patienceMillis = patience.toMillis();
    channel.configureBlocking(false);
    this.readable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
  }

  /** Reads at least a byte; waits for as long as it takes. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = channel.read(into);
    return read != 0 ? read : readLater(into);
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but who else may run
  private int readLater(ByteBuffer into) throws IOException {
    wait.begin(System.nanoTime());
    int read = 0;
    while (read == 0) {
      if (wait.mayLookAgain(System.nanoTime())) {
        Thread.yield();
      } else {
        select(readable, 0);
      }
      read = channel.read(into);
    }
    wait.end(System.nanoTime());
    return read;
  }

  /** Whether a read would not wait, now or after such a moment, in which others may run. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but who else may run
  boolean isReadableWithin(long nanos) throws IOException {
    long since = System.nanoTime();
    while (readable.selectNow(key -> {}) == 0) {
      if (System.nanoTime() - since >= nanos) {
        return false;
      }
      Thread.yield();
    }
    return true;
  }

  private static void select(Selector selector, long millis) throws IOException {
    try {
      selector.select(key -> {}, millis);
    } catch (ClosedSelectorException e) {
      AsynchronousCloseException closed = new AsynchronousCloseException();
      closed.initCause(e);
      throw closed;
    }
    Thread.interrupted();
  }

  /** Writes what is taken at once. */
  void writeSome(ByteBuffer[] bytes) throws IOException {
    ByteBuffer last = bytes[bytes.length - 1];
    while (last.hasRemaining() && channel.write(bytes) > 0) {
      // the rest
    }
  }

  /**
   * Writes all.
   *
   * @throws SocketTimeoutException if nothing is taken for longer than the patience lasts
   */
  void write(ByteBuffer bytes) throws IOException {
    long end = 0;
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) > 0) {
        end = 0;
        continue;
      }
      long now = System.nanoTime() / 1_000_000;
      end = end == 0 ? now + patienceMillis : end;
      if (now >= end) {
        throw new SocketTimeoutException("the other side takes nothing");
      }
      select(writable(), end - now);
    }
  }

  private synchronized Selector writable() throws IOException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
    Selector selector = writable;
    if (selector == null) {
      selector = Selector.open();
      writable = selector;
      channel.register(selector, SelectionKey.OP_WRITE);
    }
    return selector;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** A thread that waits to read or to write meets an exception. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try (readable;
        Selector alsoClosed = writable) {
      channel.close();
    }
  }
}
