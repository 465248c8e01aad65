package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.telosfs.vfs.FsException;

/** Random changes to a sparse array, compared with a map; and with no memory for a node. */
class IntTreeTest {
  private static final int STEPS = 20_000;

  private static long index(Random random, int bits) {
    return random.nextLong() >>> (Long.SIZE - 1 - random.nextInt(bits));
  }

  /** The second argument is how long indexes get, in bits; the third how many nodes there are. */
  @ParameterizedTest
  @CsvSource({"1, 3, 9000", "2, 8, 9000", "3, 20, 9000", "4, 63, 9000", "5, 8, 6", "6, 63, 40"})
  void agreesWithAMap(long seed, int bits, long mostNodes) throws FsException {
    RecordPool nodes = new RecordPool(IntTree.NODE_BYTES, new Slabs(1, mostNodes));
    IntTree tree = new IntTree(nodes, 0, 0);
    NavigableMap<Long, Integer> model = new TreeMap<>();
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + ", step " + step;
      long index = index(random, bits);
      if (random.nextInt(1 + step % 1_000) < 300) {
        int value = 1 + random.nextInt(Integer.MAX_VALUE);
        try {
          tree.set(index, value);
          model.put(index, value);
        } catch (FsException full) {
          assertEquals(model.getOrDefault(index, 0), tree.get(index), where);
        }
      } else {
        Long present = model.ceilingKey(index);
        long cleared = present == null ? index : present;
        tree.clear(cleared);
        model.remove(cleared);
      }
      tree = new IntTree(nodes, tree.root(), tree.height());
      long probe = index(random, bits);
      assertEquals(model.getOrDefault(probe, 0), tree.get(probe), where);
      Map.Entry<Long, Integer> next = model.ceilingEntry(probe);
      assertEquals(next == null ? IntTree.NONE : next.getKey(), tree.nextFrom(probe), where);
    }
    for (long index : model.keySet()) {
      assertEquals(model.get(index), tree.get(index));
      tree.clear(index);
    }
    assertEquals(0, tree.root());
    assertAllNodesAreFree(nodes, mostNodes);
  }

  /** One slab is one record here, of which the pool leaves out the first. */
  private static void assertAllNodesAreFree(RecordPool nodes, long most) throws FsException {
    for (long taken = 1; taken < most; taken++) {
      nodes.take();
    }
    assertThrows(FsException.class, nodes::take);
  }
}
