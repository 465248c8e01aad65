package org.telosfs.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Flushes a file in the background whenever much was written to it, and at once when it is told to.
 * So a stream reaches the medium while it comes, and a flush that somebody waits for, which the
 * host has write all of the file, never has much of others' data to wait for.
 *
 * <p>The host tells of lost writes once, so whichever flush hears of it, all later ones fail. Safe
 * for threads.
 */
final class EarlyFlush implements Closeable {
  private static final System.Logger LOG = System.getLogger(EarlyFlush.class.getName());

  /** What may wait for a flush that somebody asks for. */
  static final long BYTES = 32L << 20;

  private static final int IDLE_SECONDS = 5;

  private final Flush file;
  private final String name;
  private final AtomicLong waitingBytes = new AtomicLong();

  /** A thread while there is work; what comes meanwhile is flushed once it has reached as much. */
  private final ThreadPoolExecutor background =
      new ThreadPoolExecutor(
          0,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          EarlyFlush::thread,
          new ThreadPoolExecutor.DiscardPolicy());

  @GuardedBy("this")
  private @Nullable IOException failure;

  /** Makes durable what was written. */
  @FunctionalInterface
  interface Flush {
    void run() throws IOException;
  }

  /**
   * @param name of the file, for messages
   */
  EarlyFlush(Flush file, String name) {
    this.file = file;
    this.name = name;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "telosfs-early-flush");
    thread.setDaemon(true);
    return thread;
  }

  /** So much was written. */
  void wrote(long bytes) {
    if (waitingBytes.addAndGet(bytes) >= BYTES) {
      background.execute(this::flushEarly);
    }
  }

  private void flushEarly() {
    try {
      flush();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, name + ": writes may be lost", e);
    }
  }

  /**
   * Makes durable what was written before the call.
   *
   * @throws IOException if this or an earlier flush failed
   */
  synchronized void flush() throws IOException {
    if (failure != null) {
      throw new IOException(name + ": an earlier flush failed: " + failure.getMessage(), failure);
    }
    waitingBytes.set(0);
    try {
      file.run();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /** Returns when nothing is flushed any more. */
  @Override
  public void close() {
    background.shutdown();
    boolean interrupted = false;
    while (!background.isTerminated()) {
      try {
        background.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
