package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AccessTimesTest {
  private static final Timestamp EARLY = Timestamp.EPOCH;
  private static final Timestamp BEFORE = new Timestamp(1000, 1);
  private static final Timestamp THEN = new Timestamp(1000, 2);
  private static final Timestamp NOW = new Timestamp(2000, 0);

  @Test
  void relatimeTellsWhetherTheNewestHasBeenRead() {
    assertTrue(AccessTimes.RELATIME.moves(BEFORE, THEN, BEFORE, NOW));
    assertTrue(AccessTimes.RELATIME.moves(BEFORE, EARLY, THEN, NOW));
    assertTrue(AccessTimes.RELATIME.moves(THEN, THEN, EARLY, NOW));
    assertFalse(AccessTimes.RELATIME.moves(THEN, BEFORE, BEFORE, NOW));
  }

  @Test
  void relatimeMovesOnceADay() {
    Timestamp tomorrow = new Timestamp(THEN.seconds() + 86_400, 0);
    Timestamp today = new Timestamp(THEN.seconds() + 86_399, 0);
    assertTrue(AccessTimes.RELATIME.moves(THEN, BEFORE, BEFORE, tomorrow));
    assertFalse(AccessTimes.RELATIME.moves(THEN, BEFORE, BEFORE, today));
  }

  @Test
  void strictAlwaysMovesAndNoneNever() {
    assertTrue(AccessTimes.STRICT.moves(THEN, BEFORE, BEFORE, NOW));
    assertFalse(AccessTimes.NONE.moves(BEFORE, THEN, THEN, NOW));
  }
}
