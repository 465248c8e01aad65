package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IdleWaitTest {
  private static final long SOON = IdleWait.LOOKING_NANOS / 5;
  private static final long LATE = 10 * IdleWait.LOOKING_NANOS;

  private final IdleWait idle = new IdleWait(2);
  private long now;

  @Test
  void sleepsUntilRequestsHaveComeSoonOftenEnough() {
    for (int i = 0; i < IdleWait.CONVINCING; i++) {
      assertFalse(idle.mayLookAgain(now));
      arrivesAfter(SOON);
    }

    assertTrue(idle.mayLookAgain(now));
  }

  @Test
  void aSleepCountsAsShortAlthoughBeingWokenTakesTime() {
    for (int i = 0; i < IdleWait.CONVINCING; i++) {
      idle.mayLookAgain(now);
      arrivesAfter(IdleWait.SHORT_SLEEP_NANOS - 1);
    }

    assertTrue(idle.mayLookAgain(now));
  }

  @Test
  void sleepsWhenItHasLookedForLongEnough() {
    serveABurst();

    assertTrue(idle.mayLookAgain(now));
    assertTrue(idle.mayLookAgain(now + IdleWait.LOOKING_NANOS - 1));
    assertFalse(idle.mayLookAgain(now + IdleWait.LOOKING_NANOS));
  }

  @Test
  void stopsLookingAfterAFewDisappointments() {
    serveABurst();

    int looks = 0;
    while (idle.mayLookAgain(now)) {
      idle.mayLookAgain(now + IdleWait.LOOKING_NANOS);
      arrivesAfter(LATE);
      looks++;
    }

    assertEquals(5, looks, "as long as the trust of a long burst lasts");
  }

  @Test
  void requestsThatAreThereAtOnceChangeNothing() {
    serveABurst();
    for (int i = 0; i < 100; i++) {
      arrivesAfter(0);
    }

    assertTrue(idle.mayLookAgain(now));
  }

  @Test
  void neverLooksWithOneProcessorWhoseClientCouldNotRunMeanwhile() {
    IdleWait alone = new IdleWait(1);
    for (int i = 0; i < 100; i++) {
      assertFalse(alone.mayLookAgain(now));
      now += SOON;
      alone.over(now);
    }
  }

  private void serveABurst() {
    for (int i = 0; i < 100; i++) {
      idle.mayLookAgain(now);
      arrivesAfter(SOON);
    }
  }

  private void arrivesAfter(long nanos) {
    now += nanos;
    idle.over(now);
  }
}
