package org.telosfs.persistence.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.persistence.ObjectId;

class IdSetTest {

  @ParameterizedTest
  @ValueSource(longs = {100, 10_000, Long.MAX_VALUE - 1})
  void holdsWhatASetOfTheLibraryHolds(long bound) {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      IdSet ids = new IdSet();
      TreeSet<Long> model = new TreeSet<>();
      for (int step = 0; step < 2_000; step++) {
        long id = 1 + random.nextLong(bound);
        assertEquals(model.contains(id), ids.contains(new ObjectId(id)), "seed " + seed);
        assertEquals(model.add(id), ids.add(new ObjectId(id)), "seed " + seed);
      }
      assertEquals(model.size(), ids.size());
      List<Long> visited = new ArrayList<>();
      ids.forEach(visited::add);
      assertEquals(List.copyOf(model), visited, "seed " + seed);
    }
  }

  @Test
  void aCopyGoesItsOwnWay() {
    IdSet ids = of(1, 64, 1_000_000);
    IdSet copy = ids.copy();
    copy.add(new ObjectId(2));
    assertFalse(ids.contains(new ObjectId(2)));
    assertTrue(copy.contains(new ObjectId(2)) && copy.contains(new ObjectId(1_000_000)));
  }

  @Test
  void whatIsInBothIsInBoth() {
    IdSet both = of(1, 2, 70, 5_000).and(of(2, 70, 71, 9_000));
    List<Long> left = new ArrayList<>();
    both.forEach(left::add);
    assertEquals(List.of(2L, 70L), left);
    assertEquals(2, both.size());
    assertTrue(new IdSet().and(of(1)).isEmpty());
  }

  @Test
  void wordsAreToldAscendingAndBuildTheSetAgain() {
    IdSet ids = of(130, 5, 64, 65);
    IdSet again = new IdSet();
    List<String> words = new ArrayList<>();
    ids.forEachWord(
        (number, bits) -> {
          words.add(number + ":" + bits);
          again.addWord(number, bits);
        });
    assertEquals(List.of("0:32", "1:3", "2:4"), words);
    assertEquals(4, again.size());
    assertEquals(0, again.addWord(1, 3), "none of them is new");
  }

  private static IdSet of(long... ids) {
    IdSet set = new IdSet();
    for (long id : ids) {
      set.add(new ObjectId(id));
    }
    return set;
  }
}
