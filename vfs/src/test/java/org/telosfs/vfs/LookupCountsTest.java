package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LookupCountsTest {
  private final LookupCounts counts = new LookupCounts();

  @Test
  void whatWasAddedIsTakenOnce() {
    counts.add(7, 3);
    counts.add(7 + 64, 1_000_000_000_000L);
    assertEquals(2, counts.size());
    assertEquals(3, counts.take(7));
    assertEquals(0, counts.take(7));
    assertEquals(1_000_000_000_000L, counts.take(7 + 64));
    assertEquals(0, counts.size());
  }

  @Test
  void agreesWithAMap() {
    Random random = new Random(3);
    Map<Long, Long> model = new HashMap<>();
    for (int i = 0; i < 400_000; i++) {
      // Grows to some ten thousand inodes, and shrinks again.
      long inode = 1 + random.nextInt(i < 200_000 ? 50_000 : 5_000);
      Long known = model.remove(inode);
      assertEquals(known == null ? 0 : known, counts.take(inode));
      if (random.nextInt(4) > 0) {
        long lookups = 1 + random.nextInt(400);
        model.put(inode, lookups);
        counts.add(inode, lookups);
      }
    }
    assertEquals(model.size(), counts.size());
    model.forEach((inode, lookups) -> assertEquals(lookups, counts.take(inode)));
    assertEquals(0, counts.size());
  }
}
