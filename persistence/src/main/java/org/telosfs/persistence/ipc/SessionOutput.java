package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way to a client: whole frames by any thread. Frames that wait go before whatever is written
 * next, so an answer never shows a state whose notices have not been sent.
 */
final class SessionOutput {
  private final PatientChannel channel;
  private final ReentrantLock writing = new ReentrantLock();

  /** The first may have been written in part. */
  private final ConcurrentLinkedQueue<ByteBuffer> waiting = new ConcurrentLinkedQueue<>();

  private final AtomicLong waitingBytes = new AtomicLong();

  /** When the write under way began; 0 if none is. */
  private volatile long sinceNanos;

  SessionOutput(PatientChannel channel) {
    this.channel = channel;
  }

  /** Writes the frames, and all that waits before them. */
  void write(ByteBuffer frames) throws IOException {
    writing.lock();
    try {
      writeWaiting();
      writeAll(frames);
    } finally {
      writing.unlock();
    }
    flush();
  }

  /** Has a frame wait for the next write; returns how many bytes wait. */
  long enqueue(ByteBuffer frame) {
    long bytes = waitingBytes.addAndGet(frame.limit());
    waiting.add(frame);
    return bytes;
  }

  /**
   * Writes what waits, as far as the client takes it at once, or leaves it to who is writing.
   *
   * @return false if something is left, which {@link #flush} then writes
   */
  boolean writeAtOnce() throws IOException {
    while (!waiting.isEmpty()) {
      if (!writing.tryLock()) {
        return true;
      }
      try {
        if (!writeWaitingAtOnce()) {
          return false;
        }
      } finally {
        writing.unlock();
      }
    }
    return true;
  }

  private boolean writeWaitingAtOnce() throws IOException {
    while (!waiting.isEmpty()) {
      ByteBuffer[] frames = waiting.toArray(new ByteBuffer[0]);
      channel.writeSome(frames);
      for (ByteBuffer frame : frames) {
        if (frame.hasRemaining()) {
          return false;
        }
        written(frame);
      }
    }
    return true;
  }

  /** Writes what waits. */
  void flush() throws IOException {
    while (!waiting.isEmpty()) {
      writing.lock();
      try {
        writeWaiting();
      } finally {
        writing.unlock();
      }
    }
  }

  private void writeWaiting() throws IOException {
    for (@Nullable ByteBuffer next = waiting.peek(); next != null; next = waiting.peek()) {
      writeAll(next);
      written(next);
    }
  }

  private void written(ByteBuffer frame) {
    waiting.remove();
    waitingBytes.addAndGet(-frame.limit());
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    long now = System.nanoTime();
    sinceNanos = now == 0 ? 1 : now;
    try {
      channel.write(bytes);
    } finally {
      sinceNanos = 0;
    }
  }

  /** {@link System#nanoTime} when the write under way began; 0 if none is. */
  long waitingSince() {
    return sinceNanos;
  }
}
