package org.telosfs.block.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which leaves of a tree that is larger than the cache are read from disk again. */
class NodeCacheTest {
  private static final int CACHED_NODES = 64;
  private static final int KEYS = 60_000;

  private final MemoryNodeStorage written = new MemoryNodeStorage();
  private long reads;
  private TreeRoot root;
  private BTree tree;

  @BeforeEach
  void makeTree() throws IOException {
    SortedMap<byte[], byte[]> all = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < KEYS; i++) {
      all.put(key(i), new byte[40]);
    }
    BTree maker = new BTree(written, 1);
    TreeRoot made = maker.apply(TreeRoot.empty(), all, new ReplacedNodes());
    TreeWriteOut out = new TreeWriteOut(maker, made);
    out.write(written.allocate(out.nodeCount()), 1);
    root = TreeRoot.onDisk(Objects.requireNonNull(made.pointer()));
    tree = new BTree(new CountingStorage(), CACHED_NODES);
    assertTrue(written.nodes.size() > 2 * CACHED_NODES, written.nodes.size() + " nodes");
  }

  @Test
  void everythingIsKeptWhileThereIsRoom() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      tree.get(root, key(i));
    }
    long once = reads;
    for (int i = 0; i < 2_000; i++) {
      tree.get(root, key(i));
    }
    assertEquals(once, reads);
  }

  @Test
  void oneWalkOverAllLeavesThoseThatWereThereBefore() throws IOException {
    for (int i = 0; i < KEYS / 6; i++) {
      tree.get(root, key(i));
    }
    TreeCursor walk = tree.cursor(root, key(0));
    int seen = 0;
    while (walk.next()) {
      seen++;
    }
    assertEquals(KEYS, seen);
    long before = reads;
    for (int i = 0; i < KEYS / 6; i++) {
      tree.get(root, key(i));
    }
    assertEquals(before, reads);
  }

  @Test
  void leafThatIsReadTwiceInARowComesIntoAFullCache() throws IOException {
    TreeCursor walk = tree.cursor(root, key(0));
    while (walk.next()) {
      assertEquals(40, walk.value().length);
    }
    tree.get(root, key(KEYS - 1));
    tree.get(root, key(KEYS - 1));
    long before = reads;
    tree.get(root, key(KEYS - 1));
    assertEquals(before, reads);
  }

  @Test
  void leavesThatACheckpointHasReplacedMakeRoomForOthers() throws IOException {
    int some = KEYS / 5;
    SortedMap<byte[], byte[]> changes = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < some; i++) {
      tree.get(root, key(i));
      changes.put(key(i), new byte[41]);
    }
    ReplacedNodes replaced = new ReplacedNodes();
    TreeRoot changed = tree.apply(root, changes, replaced);
    replaced.endEpoch();
    assertTrue(replaced.beginCheckpoint(tree).size() > CACHED_NODES / 3, "leaves replaced");
    TreeWriteOut out = new TreeWriteOut(tree, changed);
    out.write(written.allocate(out.nodeCount()), 2);
    readOfEachLeaf(changed, some + KEYS / 10);
    long once = reads;
    readOfEachLeaf(changed, some + KEYS / 10);
    assertEquals(once, reads);
  }

  /** One key each, so that no leaf is wanted for being read twice. */
  private void readOfEachLeaf(TreeRoot version, int keys) throws IOException {
    int keysOfALeaf = BTree.NODE_BYTES / (10 + 40);
    for (int i = 0; i < keys; i += keysOfALeaf) {
      tree.get(version, key(i));
    }
  }

  @Test
  void halfEmptyLeavesLeaveRoomForMore() throws IOException {
    SortedMap<byte[], byte[]> changes = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < KEYS; i++) {
      changes.put(key(i), i % 5 < 2 ? null : new byte[40]);
    }
    BTree maker = new BTree(written, 1);
    TreeRoot thinned = maker.apply(root, changes, new ReplacedNodes());
    TreeWriteOut out = new TreeWriteOut(maker, thinned);
    out.write(written.allocate(out.nodeCount()), 2);
    root = TreeRoot.onDisk(Objects.requireNonNull(thinned.pointer()));
    readOfEachLeaf(root, KEYS / 2);
    assertTrue(reads > CACHED_NODES * 6 / 5, reads + " nodes, each three fifths full");
    long once = reads;
    readOfEachLeaf(root, KEYS / 2);
    assertEquals(once, reads);
  }

  private static byte[] key(int i) {
    return String.format("key%07d", i).getBytes(StandardCharsets.UTF_8);
  }

  /** The same nodes; how often one was read. */
  private final class CountingStorage implements NodeStorage {
    @Override
    public int blockBytes() {
      return written.blockBytes();
    }

    @Override
    public long salt() {
      return written.salt();
    }

    @Override
    public void read(long block, ByteBuffer into) throws IOException {
      reads++;
      written.read(block, into);
    }

    @Override
    public void write(long block, ByteBuffer from) {
      written.write(block, from);
    }
  }
}
