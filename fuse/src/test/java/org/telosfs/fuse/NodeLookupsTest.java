package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.memory.MemoryFileSystem;

class NodeLookupsTest {
  private final Map<Long, Long> returned = new HashMap<>();
  private final NodeLookups lookups =
      new NodeLookups(
          new ForwardingFileSystem(
              new MemoryFileSystem(
                  InstantSource.system(), 1 << 20, FileSystemTraits.soleWriter("t"))) {
            @Override
            public void forget(InodeNumber inode, long count) {
              returned.merge(inode.value(), count, Long::sum);
            }
          });

  private static Entry entry(long node) {
    Timestamp t = Timestamp.EPOCH;
    return new Entry(
        new Attributes(new InodeNumber(node), FileType.REGULAR, 0644, 1, 0, 0, 0, 0, 0, t, t, t, t),
        0);
  }

  @Test
  void rootIsNeitherCountedNorForgotten() {
    lookups.given(entry(1));
    lookups.forget(1, 1);
    lookups.forgetAll();
    assertEquals(Map.of(), returned);
    assertTrue(lookups.isKnown(InodeNumber.ROOT));
  }

  @Test
  void knownUntilAllIsGivenBack() {
    lookups.given(entry(-5));
    lookups.given(entry(-5));
    lookups.forget(-5, 1);
    assertTrue(lookups.isKnown(new InodeNumber(-5)));
    lookups.forget(-5, 1);
    assertFalse(lookups.isKnown(new InodeNumber(-5)));
    assertEquals(Map.of(-5L, 2L), returned);
  }

  @Test
  void countFromANegativeNumberOfLookupsIsUnsigned() {
    lookups.given(entry(7));
    lookups.forget(7, -1);
    assertEquals(Map.of(7L, 1L), returned);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void agreesWithAMap(long seed) {
    Random random = new Random(seed);
    Map<Long, Long> model = new HashMap<>();
    for (int step = 0; step < 200_000; step++) {
      long node = 2 + random.nextInt(random.nextBoolean() ? 50 : 5000);
      if (random.nextInt(100) < 55) {
        lookups.given(entry(node));
        model.merge(node, 1L, Long::sum);
      } else if (random.nextInt(200) == 0) {
        for (int time = 0; time < 300; time++) {
          lookups.given(entry(node));
        }
        model.merge(node, 300L, Long::sum);
      } else {
        long count = 1 + random.nextInt(3);
        lookups.forget(node, count);
        model.computeIfPresent(node, (key, had) -> had > count ? had - count : null);
      }
      if (step % 1000 == 0) {
        assertEquals(model.size(), lookups.knownInodes(), "seed " + seed + ", step " + step);
      }
    }
    returned.clear();
    lookups.forgetAll();
    assertEquals(model, returned);
    assertEquals(0, lookups.knownInodes());
  }
}
