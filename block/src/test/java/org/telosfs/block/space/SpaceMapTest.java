package org.telosfs.block.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.NodeStorage;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;

class SpaceMapTest {
  private static final int BLOCKS = 3 * GroupBits.BLOCKS + 1000;

  private final BTree nodes = new BTree(new NoStorage(), 8);
  private final SpaceTree tree = new SpaceTree(nodes);
  private final SpaceMap map = new SpaceMap(tree, TreeRoot.empty(), BLOCKS, BLOCKS);

  @Test
  void takesOneRunWhereThereIsRoom() throws IOException {
    assertEquals(List.of(new BlockRun(500, 300)), map.allocate(300, 500));
    assertEquals(List.of(new BlockRun(800, 10)), map.allocate(10, 500));
    assertEquals(BLOCKS - 310, map.freeBlocks());
  }

  @Test
  void runsGoOnAcrossGroups() throws IOException {
    List<BlockRun> runs = map.allocate(GroupBits.BLOCKS + 5, 100);
    assertEquals(List.of(new BlockRun(100, GroupBits.BLOCKS + 5)), runs);
  }

  @Test
  void prefersLongRunsToHolesNearby() throws IOException {
    map.use(new BlockRun(0, 1000));
    for (int hole = 10; hole < 1000; hole += 10) {
      map.free(new BlockRun(hole, 1));
    }
    assertEquals(List.of(new BlockRun(1000, 200)), map.allocate(200, 5));
    assertEquals(List.of(new BlockRun(10, 1)), map.allocate(1, 10));
  }

  @Test
  void fewBlocksGoWhereSomeWereJustFreed() throws IOException {
    map.use(new BlockRun(0, 1000));
    map.free(new BlockRun(10, 2));
    map.free(new BlockRun(500, 3));
    map.free(new BlockRun(700, 1));
    map.use(new BlockRun(700, 1)); // Not free any more.
    assertEquals(List.of(new BlockRun(500, 2)), map.allocate(2, 5));
    assertEquals(List.of(new BlockRun(502, 1)), map.allocate(1, 5));
    assertEquals(List.of(new BlockRun(10, 2)), map.allocate(2, 5));
    assertEquals(List.of(new BlockRun(1000, 2)), map.allocate(2, 5));
    assertEquals(List.of(new BlockRun(1002, 9)), map.allocate(9, 5));
  }

  @Test
  void takesEveryLastBlockAndThenNothing() throws IOException {
    map.use(new BlockRun(7, 1));
    assertEquals(BLOCKS - 1, sum(map.allocate(BLOCKS - 1, -1)));
    assertEquals(0, map.freeBlocks());
    assertEquals(List.of(), map.allocate(1, -1));
    map.free(new BlockRun(BLOCKS - 1, 1));
    assertEquals(List.of(new BlockRun(BLOCKS - 1, 1)), map.allocate(1, 3));
  }

  @Test
  void refusesWholeWhatItCannotGiveWhole() throws IOException {
    map.use(new BlockRun(0, BLOCKS));
    for (int hole = 0; hole < 90; hole += 3) {
      map.free(new BlockRun(hole, 2));
    }
    assertEquals(List.of(), map.allocateUnits(10, 4, -1));
    assertEquals(60, map.freeBlocks());
    assertEquals(60, sum(map.allocate(60, -1)));
  }

  @Test
  void unitsAreContiguous() throws IOException {
    for (int used = 0; used < 600; used += 6) {
      map.use(new BlockRun(used, 1));
    }
    for (BlockRun run : map.allocateUnits(50, 4, 0)) {
      assertEquals(0, run.blocks() % 4);
    }
  }

  @Test
  void doubleUseAndDoubleFreeAreBugs() throws IOException {
    map.use(new BlockRun(3, 2));
    assertThrows(SpaceCorruptException.class, () -> map.use(new BlockRun(4, 1)));
    assertThrows(SpaceCorruptException.class, () -> map.free(new BlockRun(5, 1)));
    assertThrows(SpaceCorruptException.class, () -> map.use(new BlockRun(BLOCKS - 1, 2)));
  }

  @Test
  void freedBlockWaitsUntilItsTransactionIsDurable() throws IOException {
    DeferredFrees frees = new DeferredFrees(map);
    map.use(new BlockRun(0, BLOCKS));
    frees.defer(4, new BlockRun(10, 2));
    frees.defer(5, new BlockRun(20, 3));
    assertEquals(List.of(), map.allocate(1, -1));
    frees.release(4);
    assertEquals(List.of(new BlockRun(10, 2)), map.allocate(2, -1));
    assertEquals(3, frees.waitingBlocks());
    frees.release(9);
    assertTrue(map.isFree(21));
  }

  @Test
  void treeTellsTheStateOfItsVersion() throws IOException {
    ReplacedNodes replaced = new ReplacedNodes();
    TreeRoot first =
        tree.apply(
            TreeRoot.empty(),
            List.of(
                new SpaceChange(new BlockRun(GroupBits.BLOCKS - 1, 2), true),
                new SpaceChange(new BlockRun(GroupBits.BLOCKS, 1), false)),
            replaced);
    TreeRoot second =
        tree.apply(
            first,
            List.of(new SpaceChange(new BlockRun(GroupBits.BLOCKS - 1, 1), false)),
            replaced);
    SpaceMap before = new SpaceMap(tree, first, BLOCKS, BLOCKS - 1);
    assertFalse(before.isFree(GroupBits.BLOCKS - 1));
    assertTrue(before.isFree(GroupBits.BLOCKS));
    assertTrue(new SpaceMap(tree, second, BLOCKS, BLOCKS).isFree(GroupBits.BLOCKS - 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void groupRecordsRoundTripSparseAndDense(long seed) throws IOException {
    Random random = new Random(seed);
    GroupBits bits = new GroupBits();
    assertNull(bits.encode());
    for (int i = 0; i < 12_000; i++) {
      int block = random.nextInt(GroupBits.BLOCKS);
      if (!bits.isUsed(block)) {
        bits.mark(block, 1, true);
      }
      if (i % 1000 == 3) {
        GroupBits again = GroupBits.decode(bits.encode());
        assertArrayEquals(bits.encode(), again.encode(), "seed " + seed);
        assertEquals(bits.usedCount(), again.usedCount());
      }
    }
  }

  @Test
  void hostileGroupRecordsAreRefused() {
    assertThrows(SpaceCorruptException.class, () -> GroupBits.decode(new byte[] {9}));
    assertThrows(SpaceCorruptException.class, () -> GroupBits.decode(new byte[] {2, 0}));
    byte[] beyond =
        ByteBuffer.allocate(5).put((byte) 1).putShort((short) 16_383).putShort((short) 2).array();
    assertThrows(SpaceCorruptException.class, () -> GroupBits.decode(beyond));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void agreesWithABitSet(long seed) throws IOException {
    Random random = new Random(seed);
    BitSet model = new BitSet(BLOCKS);
    List<BlockRun> held = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      if (random.nextInt(3) > 0 || held.isEmpty()) {
        long near = random.nextBoolean() ? -1 : random.nextInt(BLOCKS);
        for (BlockRun run : map.allocate(1 + random.nextInt(100), near)) {
          assertTrue(
              model.nextSetBit((int) run.start()) < 0
                  || model.nextSetBit((int) run.start()) >= run.end());
          model.set((int) run.start(), (int) run.end());
          held.add(run);
        }
      } else {
        BlockRun run = held.remove(random.nextInt(held.size()));
        map.free(run);
        model.clear((int) run.start(), (int) run.end());
      }
      assertEquals(BLOCKS - model.cardinality(), map.freeBlocks(), "seed " + seed);
    }
  }

  private static long sum(List<BlockRun> runs) {
    return runs.stream().mapToLong(BlockRun::blocks).sum();
  }

  /** For trees that never leave memory. */
  private static final class NoStorage implements NodeStorage {
    @Override
    public int blockBytes() {
      return 4096;
    }

    @Override
    public long salt() {
      return 0;
    }

    @Override
    public void read(long block, ByteBuffer into) throws IOException {
      throw new IOException("nothing was written");
    }

    @Override
    public void write(long block, ByteBuffer from) throws IOException {
      throw new IOException("nothing may be written");
    }
  }
}
