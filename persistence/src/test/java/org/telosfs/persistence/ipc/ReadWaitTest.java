package org.telosfs.persistence.ipc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReadWaitTest {
  private static final long LOOKING = 400_000;
  private static final long LOOK = 1_000;

  private final ReadWait wait = new ReadWait(2, LOOKING);
  private long now = 5;

  @Test
  void nobodyLooksBeforeShortWaitsHaveConvinced() {
    for (int times = 0; times < ReadWait.CONVINCING; times++) {
      assertFalse(looksFor(LOOK));
    }
    assertTrue(looksFor(LOOK));
  }

  @Test
  void aLookEndsAndLongWaitsEndLooking() {
    convince();
    assertFalse(looksFor(2 * LOOKING));
    for (int times = 0; times < 10; times++) {
      looksFor(2 * LOOKING);
    }
    assertFalse(looksFor(LOOK));
  }

  @Test
  void whereOthersRunTheProcessorIsLeftToThem() {
    convince();
    wait.begin(now);
    assertTrue(wait.mayLookAgain(now += LOOK));
    assertFalse(wait.mayLookAgain(now += 2 * ReadWait.CROWDED_NANOS));
    wait.end(now);
    for (int times = 0; times < ReadWait.DISCOURAGED; times++) {
      assertFalse(looksFor(LOOK));
    }
    convince();
  }

  @Test
  void withOneProcessorNobodyLooks() {
    ReadWait alone = new ReadWait(1, LOOKING);
    for (int times = 0; times < 10; times++) {
      alone.begin(now);
      assertFalse(alone.mayLookAgain(now += LOOK));
      alone.end(now);
    }
  }

  private void convince() {
    for (int times = 0; times < 10; times++) {
      looksFor(LOOK);
    }
    assertTrue(looksFor(LOOK));
  }

  /** A wait that long; whether it was spent looking to the end. */
  private boolean looksFor(long nanos) {
    wait.begin(now);
    boolean looks = true;
    for (long end = now + nanos; now < end; now += LOOK) {
      looks = looks && wait.mayLookAgain(now);
    }
    wait.end(now);
    return looks;
  }
}
