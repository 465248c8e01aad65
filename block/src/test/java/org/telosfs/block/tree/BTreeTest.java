package org.telosfs.block.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BTreeTest {
  private final MemoryNodeStorage storage = new MemoryNodeStorage();
  private BTree tree = new BTree(storage, 16);
  private final ReplacedNodes replaced = new ReplacedNodes();
  private final SortedMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
  private TreeRoot root = TreeRoot.empty();
  private long generation;
  private final Set<Long> onDisk = new HashSet<>();

  @Test
  void emptyTreeHasNothing() throws IOException {
    assertNull(tree.get(root, bytes("a")));
    assertFalse(tree.cursor(root, bytes("a")).next());
    assertFalse(tree.cursor(root, bytes("a")).previous());
  }

  @Test
  void olderVersionsStayAsTheyWere() throws IOException {
    put("a", "1");
    TreeRoot before = root;
    put("a", "2");
    put("b", "3");
    assertArrayEquals(bytes("1"), tree.get(before, bytes("a")));
    assertNull(tree.get(before, bytes("b")));
    assertArrayEquals(bytes("2"), tree.get(root, bytes("a")));
  }

  @Test
  void cursorWalksBothWaysFromBetweenKeys() throws IOException {
    for (int i = 0; i < 5_000; i += 2) {
      put(String.format("%05d", i), "v" + i);
    }
    TreeCursor cursor = tree.cursor(root, bytes("02001"));
    assertTrue(cursor.next());
    assertArrayEquals(bytes("02002"), cursor.key());
    assertTrue(cursor.previous());
    assertTrue(cursor.previous());
    assertArrayEquals(bytes("02000"), cursor.key());
    assertArrayEquals(bytes("v2000"), cursor.value());
    TreeCursor end = tree.cursor(root, bytes("99999"));
    assertFalse(end.next());
    assertTrue(end.previous());
    assertArrayEquals(bytes("04998"), end.key());
  }

  @Test
  void cleanNodesAreDroppedAndReadAgain() throws IOException {
    tree = new BTree(storage, 2);
    for (int i = 0; i < 20_000; i++) {
      model.put(bytes(String.format("key%07d", i)), new byte[40]);
    }
    root = tree.apply(root, model, replaced);
    writeOut();
    assertAgreesWithModel();
    root = TreeRoot.onDisk(pointer());
    assertAgreesWithModel();
  }

  @Test
  void loadInKeyOrderFillsTheNodes() throws IOException {
    int bodies = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] key = bytes(String.format("key%07d", i));
      bodies += NodeFormat.leafEntryBytes(key, key);
      put(key, key);
    }
    writeOut();
    int least = bodies / NodeFormat.BODY_BYTES;
    assertTrue(storage.nodes.size() <= least * 1.25, storage.nodes.size() + " nodes, " + least);
  }

  @Test
  void damagedNodeIsNamedAndNeverServed() throws IOException {
    put("a", "1");
    writeOut();
    long block = pointer().block();
    storage.nodes.get(block)[NodeFormat.HEADER_BYTES + 5] ^= 1;
    TreeRoot fresh = TreeRoot.onDisk(pointer());
    TreeCorruptException damaged =
        assertThrows(TreeCorruptException.class, () -> tree.get(fresh, bytes("a")));
    assertEquals(block, damaged.block());
    assertEquals(1, new TreeCheck(tree, at -> {}).check(pointer()).size());
  }

  @Test
  void nodeFromAnotherPlaceIsRefused() throws IOException {
    put("a", "1");
    writeOut();
    ChildPointer there = pointer();
    ChildPointer elsewhere =
        new ChildPointer(there.block() + 4, there.crc32c(), there.birthGeneration());
    storage.nodes.put(elsewhere.block(), storage.nodes.get(there.block()));
    assertThrows(
        TreeCorruptException.class, () -> tree.get(TreeRoot.onDisk(elsewhere), bytes("a")));
  }

  @Test
  void tooLongKeysAndValuesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> put(new byte[1025], new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> put(new byte[1], new byte[4097]));
    assertThrows(IllegalArgumentException.class, () -> put(new byte[0], new byte[0]));
  }

  @Test
  void anyBytesAreANodeOrACleanRefusal() {
    Random random = new Random(7);
    ChildPointer pointer = new ChildPointer(8, 0, 1);
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer node = ByteBuffer.allocate(BTree.NODE_BYTES);
      node.putInt(NodeFormat.MAGIC).put((byte) 1).put((byte) random.nextInt(3));
      node.putShort((short) random.nextInt(1 << (1 + random.nextInt(16))));
      node.putLong(8).putLong(MemoryNodeStorage.SALT).putLong(1);
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      node.put(noise).rewind();
      try {
        NodeCodec.decodeUnverified(node, pointer, MemoryNodeStorage.SALT);
      } catch (TreeCorruptException refused) {
        assertTrue(refused.getMessage().startsWith("tree node at block 8: "));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void agreesWithASortedMapThroughCheckpointsAndReopening(long seed) throws IOException {
    Random random = new Random(seed);
    tree = new BTree(storage, 1 + random.nextInt(8));
    for (int step = 0; step < 400; step++) {
      SortedMap<byte[], byte[]> batch = new TreeMap<>(Arrays::compareUnsigned);
      boolean shrinking = step / 50 % 3 == 2;
      int changes = random.nextInt(200);
      for (int i = 0; i < changes; i++) {
        byte[] key = randomKey(random);
        batch.put(key, random.nextInt(10) < (shrinking ? 9 : 2) ? null : randomValue(random));
      }
      root = tree.apply(root, batch, replaced);
      for (Map.Entry<byte[], byte[]> change : batch.entrySet()) {
        if (change.getValue() == null) {
          model.remove(change.getKey());
        } else {
          model.put(change.getKey(), change.getValue());
        }
      }
      if (random.nextInt(4) == 0) {
        replaced.endEpoch();
      }
      if (random.nextInt(15) == 0) {
        writeOut();
        if (random.nextBoolean()) {
          root = TreeRoot.onDisk(pointer());
        }
      }
      if (random.nextInt(20) == 0) {
        assertAgreesWithModel();
      }
    }
    assertAgreesWithModel();
    writeOut();
    Set<Long> reached = new HashSet<>();
    TreeCheck check = new TreeCheck(tree, reached::add);
    assertEquals(List.of(), check.check(pointer()), "seed " + seed);
    assertEquals(model.size(), check.entries());
    assertEquals(reached, onDisk, "exactly the reachable nodes are not free, seed " + seed);
  }

  private byte[] randomKey(Random random) {
    if (random.nextInt(3) == 0 && !model.isEmpty()) {
      byte[] near = new byte[2];
      random.nextBytes(near);
      SortedMap<byte[], byte[]> tail = model.tailMap(near);
      return tail.isEmpty() ? model.firstKey() : tail.firstKey();
    }
    byte[] key = new byte[2 + (random.nextInt(20) == 0 ? random.nextInt(1000) : random.nextInt(8))];
    random.nextBytes(key);
    return key;
  }

  private static byte[] randomValue(Random random) {
    byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(4097) : random.nextInt(60)];
    random.nextBytes(value);
    return value;
  }

  /** As a checkpoint does it: ends the epoch, writes, and only then frees what was replaced. */
  private void writeOut() throws IOException {
    replaced.endEpoch();
    List<Long> free = replaced.beginCheckpoint(tree);
    TreeWriteOut out = new TreeWriteOut(tree, root);
    List<Long> places = storage.allocate(out.nodeCount());
    out.write(places, ++generation);
    onDisk.addAll(places);
    assertTrue(onDisk.containsAll(free), "only nodes on disk are freed");
    onDisk.removeAll(free);
    free.forEach(storage.nodes::remove);
  }

  private ChildPointer pointer() {
    ChildPointer pointer = root.pointer();
    assertTrue(pointer != null, "written out");
    return pointer;
  }

  private void assertAgreesWithModel() throws IOException {
    TreeCursor cursor = tree.cursor(root, new byte[] {0});
    for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
      assertTrue(cursor.next());
      assertArrayEquals(entry.getKey(), cursor.key());
      assertArrayEquals(entry.getValue(), cursor.value());
      assertArrayEquals(entry.getValue(), tree.get(root, entry.getKey()));
    }
    assertFalse(cursor.next());
  }

  private void put(String key, String value) throws IOException {
    put(bytes(key), bytes(value));
  }

  private void put(byte[] key, byte[] value) throws IOException {
    SortedMap<byte[], byte[]> one = new TreeMap<>(Arrays::compareUnsigned);
    one.put(key, value);
    root = tree.apply(root, one, replaced);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
