package org.telosfs.persistence.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.telosfs.persistence.log.SegmentRewrite;

/** Spreads work evenly over time; a thread that is interrupted while it waits gives up. */
final class PackThrottle implements SegmentRewrite.Pace {

  private final long bytesPerSecond;
  private long nextNanos = System.nanoTime();

  PackThrottle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  @Override
  public void next(long bytes) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("the pack was interrupted; the next one goes on with it");
    }
    if (bytesPerSecond == PackOptions.UNLIMITED) {
      return;
    }
    long wait = nextNanos - System.nanoTime();
    nextNanos =
        System.nanoTime()
            + Math.max(0, wait)
            + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    try {
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException given =
          new InterruptedIOException("the pack was interrupted; the next one goes on with it");
      given.initCause(e);
      throw given;
    }
  }
}
