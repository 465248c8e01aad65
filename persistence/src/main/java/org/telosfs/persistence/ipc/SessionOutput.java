package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way to a client: whole frames by any thread. Notices that wait go before whatever is written
 * next, so an answer never shows a state whose notices have not been sent.
 */
final class SessionOutput {
  private final SocketChannel channel;
  private final ReentrantLock writing = new ReentrantLock();
  private final ConcurrentLinkedQueue<ByteBuffer> notices = new ConcurrentLinkedQueue<>();
  private final AtomicLong noticeBytes = new AtomicLong();

  /** When the write under way began; 0 if none is. */
  private volatile long sinceNanos;

  SessionOutput(SocketChannel channel) {
    this.channel = channel;
  }

  /** Writes the frames, and all notices before them. */
  void write(ByteBuffer frames) throws IOException {
    writing.lock();
    try {
      writeNotices();
      writeAll(frames);
    } finally {
      writing.unlock();
    }
  }

  /** Has a notice wait for the next {@link #write} or {@link #flush}; returns what waits. */
  long enqueue(ByteBuffer notice) {
    long waiting = noticeBytes.addAndGet(notice.remaining());
    notices.add(notice);
    return waiting;
  }

  void flush() throws IOException {
    if (!notices.isEmpty()) {
      writing.lock();
      try {
        writeNotices();
      } finally {
        writing.unlock();
      }
    }
  }

  private void writeNotices() throws IOException {
    for (@Nullable ByteBuffer next = notices.poll(); next != null; next = notices.poll()) {
      noticeBytes.addAndGet(-next.remaining());
      writeAll(next);
    }
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    long now = System.nanoTime();
    sinceNanos = now == 0 ? 1 : now;
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      sinceNanos = 0;
    }
  }

  /** {@link System#nanoTime} when the write under way began; 0 if none is. */
  long waitingSince() {
    return sinceNanos;
  }
}
