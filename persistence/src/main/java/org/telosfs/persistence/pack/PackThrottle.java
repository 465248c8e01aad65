package org.telosfs.persistence.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.telosfs.persistence.log.SegmentRewrite;

/**
 * Spreads work evenly over time, and gives way to commits if it is to: while there are some, it
 * rests twice as long as it works, unless they fill segments so fast that the log would grow
 * meanwhile. A thread that is interrupted while it waits gives up.
 */
final class PackThrottle implements SegmentRewrite.Pace {

  private static final int RESTS = 2;

  /** So long it works before it looks for commits. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** A turn that took longer, at a slow disk say, is not paid for in full. */
  private static final long MOST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** It rests only if it is done with so many segments for each that commits have filled. */
  private static final int LEAD = 4;

  private final long bytesPerSecond;
  private final boolean givesWay;
  private final IntSupplier transactions;
  private final IntSupplier segments;
  private final int segmentsBefore;
  private int segmentsDone;
  private int seen;
  private long turnBegan;
  private long nextNanos = System.nanoTime();

  /**
   * @param transactions how many there are
   * @param segments how many the log has
   */
  PackThrottle(PackOptions options, IntSupplier transactions, IntSupplier segments) {
    this.bytesPerSecond = options.bytesPerSecond();
    this.givesWay = options.givesWay();
    this.transactions = transactions;
    this.segments = segments;
    this.segmentsBefore = segments.getAsInt();
    this.seen = transactions.getAsInt();
    this.turnBegan = System.nanoTime();
  }

  /** Nothing is left to do for one more segment. */
  void segmentDone() {
    segmentsDone++;
  }

  @Override
  public void next(long bytes) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
    long wait = Math.max(limitWait(bytes), rest());
    try {
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
        turnBegan = System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException given = interrupted();
      given.initCause(e);
      throw given;
    }
  }

  /** How long to wait so as not to go beyond the limit. */
  private long limitWait(long bytes) {
    if (bytesPerSecond == PackOptions.UNLIMITED) {
      return 0;
    }
    long wait = Math.max(0, nextNanos - System.nanoTime());
    nextNanos =
        System.nanoTime()
            + wait
            + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    return wait;
  }

  /** How long to rest for the sake of those who commit. */
  private long rest() {
    long worked = System.nanoTime() - turnBegan;
    if (!givesWay || worked < TURN_NANOS) {
      return 0;
    }
    turnBegan = System.nanoTime();
    int now = transactions.getAsInt();
    boolean committed = now != seen;
    seen = now;
    boolean behind = LEAD * (segments.getAsInt() - segmentsBefore) > segmentsDone;
    return committed && !behind ? Math.min(RESTS * worked, MOST_REST_NANOS) : 0;
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("the pack was interrupted; the next one goes on with it");
  }
}
