package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A connection that an interrupted thread may use: the JDK closes a channel under everybody when
 * one thread that waits for it is interrupted, but not where that thread waits for a selector. One
 * thread reads and one writes at a time. Interrupts are cleared here; the caller restores them.
 */
final class PatientChannel implements ReadableByteChannel {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final long patienceMillis;

  /** Takes the channel over. */
  PatientChannel(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.patienceMillis = patience.toMillis();
    channel.configureBlocking(false);
    this.readable = Selector.open();
    this.writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /** Reads at least a byte; waits for as long as it takes. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    int read = channel.read(into);
    while (read == 0) {
      readable.select(key -> {});
      Thread.interrupted();
      read = channel.read(into);
    }
    return read;
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
        throw new SocketTimeoutException("the server takes nothing");
      }
      writable.select(key -> {}, end - now);
      Thread.interrupted();
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** A thread that waits to read or to write meets an exception. */
  @Override
  public void close() throws IOException {
    try (readable;
        writable) {
      channel.close();
    }
  }
}
