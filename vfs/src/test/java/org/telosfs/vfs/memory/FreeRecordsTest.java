package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreeRecordsTest {
  private final FreeRecords free = new FreeRecords();

  @Test
  void thereIsNoneAtFirst() {
    assertEquals(RecordPool.NONE, free.take());
    free.reach(2);
    free.add(1);
    assertEquals(1, free.take());
    assertEquals(RecordPool.NONE, free.take());
  }

  @ParameterizedTest
  @CsvSource({"1, 50", "2, 5000", "3, 1000000", "4, 40000000"})
  void theLowestIsTaken(long seed, int most) {
    Random random = new Random(seed);
    TreeSet<Integer> model = new TreeSet<>();
    for (int step = 0; step < 100_000; step++) {
      String where = "seed " + seed + ", step " + step;
      if (random.nextInt(5) < 3) {
        int record = 1 + random.nextInt(most);
        if (model.add(record)) {
          free.reach(record + 1);
          free.add(record);
        }
      } else {
        Integer lowest = model.pollFirst();
        assertEquals(lowest == null ? RecordPool.NONE : lowest, free.take(), where);
      }
    }
    while (!model.isEmpty()) {
      assertEquals(model.pollFirst(), free.take(), "seed " + seed);
    }
    assertEquals(RecordPool.NONE, free.take());
  }
}
