package org.telosfs.persistence.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.TransactionId;

class PackThrottleTest {
  private static final PackOptions ALL = PackOptions.keepingFrom(TransactionId.MAX);
  private static final long WORK_NANOS = 40_000_000;

  private final AtomicInteger transactions = new AtomicInteger();
  private final AtomicInteger segments = new AtomicInteger(1);

  /** Works for a while, and returns how long the throttle then made it wait. */
  private long waited(PackThrottle throttle) throws IOException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < WORK_NANOS) {
      Thread.onSpinWait();
    }
    long worked = System.nanoTime();
    throttle.next(1);
    return System.nanoTime() - worked;
  }

  private PackThrottle throttle(PackOptions options) {
    return new PackThrottle(options, transactions::get, segments::get);
  }

  @Test
  void restsTwiceAsLongAsItWorkedWhileOthersCommit() throws IOException {
    PackThrottle throttle = throttle(ALL.givingWay());
    transactions.incrementAndGet();
    assertTrue(waited(throttle) >= 2 * WORK_NANOS);
    transactions.incrementAndGet();
    assertTrue(waited(throttle) >= 2 * WORK_NANOS);
  }

  @Test
  void goesOnWhereNobodyCommitsOrItIsNotToGiveWay() throws IOException {
    PackThrottle alone = throttle(ALL.givingWay());
    assertTrue(waited(alone) < 2 * WORK_NANOS);
    PackThrottle quick = throttle(ALL);
    transactions.incrementAndGet();
    assertTrue(waited(quick) < 2 * WORK_NANOS);
  }

  @Test
  void doesNotRestWhileTheLogGrowsFasterThanItIsPacked() throws IOException {
    PackThrottle throttle = throttle(ALL.givingWay());
    segments.incrementAndGet();
    transactions.incrementAndGet();
    assertTrue(waited(throttle) < 2 * WORK_NANOS);
    for (int done = 0; done < 4; done++) {
      throttle.segmentDone();
    }
    transactions.incrementAndGet();
    assertTrue(waited(throttle) >= 2 * WORK_NANOS);
  }

  @Test
  void givesUpWhenInterrupted() {
    PackThrottle throttle = throttle(ALL.givingWay());
    Thread.currentThread().interrupt();
    InterruptedIOException given =
        assertThrows(InterruptedIOException.class, () -> throttle.next(1));
    assertTrue(Thread.interrupted());
    assertEquals("the pack was interrupted; the next one goes on with it", given.getMessage());
  }
}
