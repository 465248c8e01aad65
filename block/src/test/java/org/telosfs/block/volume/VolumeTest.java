package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.telosfs.block.volume.VolumeFixture.blocks;
import static org.telosfs.block.volume.VolumeFixture.copyOf;
import static org.telosfs.block.volume.VolumeFixture.entries;
import static org.telosfs.block.volume.VolumeFixture.formatted;
import static org.telosfs.block.volume.VolumeFixture.get;
import static org.telosfs.block.volume.VolumeFixture.key;
import static org.telosfs.block.volume.VolumeFixture.open;
import static org.telosfs.block.volume.VolumeFixture.put;
import static org.telosfs.block.volume.VolumeFixture.sync;
import static org.telosfs.block.volume.VolumeFixture.value;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.NoSpaceException;

class VolumeTest {
  private final MemoryBlockDevice device = formatted();
  private Volume volume = open(device);

  VolumeTest() throws IOException {}

  private void killAndReopen() throws IOException {
    volume = open(copyOf(device));
  }

  @Test
  void freshVolumeIsEmpty() throws IOException {
    assertTrue(entries(volume.view()).isEmpty());
    assertEquals(0, volume.openGroupBytes());
    assertTrue(volume.stats().blocksAvailable() > 500, volume.stats().toString());
  }

  @Test
  void commitIsVisibleAtOnceAndKeptByClose() throws IOException {
    put(volume, "a", "1");
    assertEquals("1", get(volume, "a"));
    volume.close();
    volume = open(device);
    assertEquals("1", get(volume, "a"));
  }

  @Test
  void killLosesTheOpenGroupAndNothingWritten() throws IOException {
    put(volume, "a", "1");
    volume.awaitWritten(volume.seal());
    put(volume, "b", "2");
    killAndReopen();
    assertEquals("1", get(volume, "a"));
    assertEquals("-", get(volume, "b"));
  }

  @Test
  void sealedGroupIsAtomic() throws IOException {
    put(volume, "a", "1");
    put(volume, "b", "2");
    long sequence = volume.seal();
    assertEquals(sequence, volume.seal());
    volume.awaitDurable(sequence);
    killAndReopen();
    assertEquals("2", get(volume, "b"));
  }

  @Test
  void recoveringTwiceEqualsOnce() throws IOException {
    put(volume, "a", "1");
    sync(volume);
    MemoryBlockDevice crashed = copyOf(device);
    Volume once = open(crashed);
    assertEquals("1", get(once, "a"));
    Volume twice = open(copyOf(crashed));
    assertEquals("1", get(twice, "a"));
    assertEquals(once.stats().sealedSequence(), twice.stats().sealedSequence());
  }

  @Test
  void viewKeepsItsState() throws IOException {
    put(volume, "a", "1");
    VolumeView before = volume.view();
    put(volume, "a", "2");
    assertArrayEquals(value("1"), before.get(key("a")));
  }

  @Test
  void transactionReadsItsOwnWrites() throws IOException {
    for (String key : List.of("b", "d", "f")) {
      put(volume, key, key);
    }
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      tx.delete(key("d"));
      tx.put(key("c"), value("new"));
      tx.put(key("f"), value("changed"));
      assertNull(tx.get(key("d")));
      assertEquals(key("c"), assertNotNull(tx.floor(key("e"))).key());
      assertEquals(key("b"), assertNotNull(tx.floor(key("b"))).key());
      assertNull(tx.floor(key("a")));
      assertArrayEquals(value("changed"), assertNotNull(tx.ceiling(key("d"))).value());
      assertEquals(List.of(key("b"), key("c"), key("f")), List.copyOf(entries(tx).keySet()));
      MapCursor some = tx.scan(key("b"), key("f"));
      assertTrue(some.next() && some.next());
      assertFalse(some.next());
      tx.delete(key("b"));
      tx.delete(key("c"));
      assertNull(tx.floor(key("e")));
    }
    assertEquals("d", get(volume, "d"));
  }

  private static <T> T assertNotNull(@org.jspecify.annotations.Nullable T value) {
    org.junit.jupiter.api.Assertions.assertNotNull(value);
    return value;
  }

  @Test
  void dataIsReadBackVerified() throws IOException {
    StoredExtent stored = store("file", blocks(3, 7));
    sync(volume);
    killAndReopen();
    ByteBuffer into = ByteBuffer.allocate(2 * BlockGeometry.BLOCK_BYTES);
    volume.extents().read(stored.extent(), stored.checksums(), 1, into);
    assertEquals(blocks(2, 7), into.flip());
  }

  @Test
  void damagedDataIsNamedNotServed() throws IOException {
    StoredExtent stored = store("file", blocks(3, 7));
    long damaged = stored.extent().startBlock() + 1;
    device.write(damaged * BlockGeometry.BLOCK_BYTES, blocks(1, 8));
    ByteBuffer into = ByteBuffer.allocate(3 * BlockGeometry.BLOCK_BYTES);
    ChecksumException refused =
        assertThrows(
            ChecksumException.class,
            () -> volume.extents().read(stored.extent(), stored.checksums(), 0, into));
    assertEquals(damaged, refused.block());
  }

  private StoredExtent store(String name, ByteBuffer data) throws IOException {
    try (Reservation space = volume.reserve(data.remaining() / BlockGeometry.BLOCK_BYTES);
        VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      StoredExtent stored = volume.extents().write(tx, space, ExtentStore.ANYWHERE, data).get(0);
      tx.put(key(name), ByteBuffer.allocate(8).putLong(stored.extent().startBlock()).array());
      tx.commit();
      return stored;
    }
  }

  @Test
  void discardedTransactionGivesItsBlocksBack() throws IOException {
    long free = volume.stats().blocksFree();
    try (Reservation space = volume.reserve(5)) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        volume.extents().write(tx, space, ExtentStore.ANYWHERE, blocks(5, 1));
        assertEquals(free - 5, volume.stats().blocksFree());
      }
      assertEquals(5, space.blocks());
    }
    assertEquals(free, volume.stats().blocksFree());
    assertEquals(0, volume.stats().blocksReserved());
  }

  @Test
  void freedBlocksWaitForDurability() throws IOException {
    StoredExtent stored = store("file", blocks(5, 1));
    sync(volume);
    long free = volume.stats().blocksFree();
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      volume.extents().free(tx, stored.extent());
      tx.commit();
    }
    long sequence = volume.seal();
    assertEquals(free, volume.stats().blocksFree());
    volume.awaitDurable(sequence);
    assertEquals(free + 5, volume.stats().blocksFree());
  }

  @Test
  void reservationIsKeptAndBounded() throws IOException {
    long available = volume.stats().blocksAvailable();
    assertThrows(NoSpaceException.class, () -> volume.reserve(available + 1));
    try (Reservation all = volume.reserve(available)) {
      assertThrows(NoSpaceException.class, () -> volume.reserve(1));
      Reservation part = all.split(10);
      assertEquals(available - 10, all.blocks());
      part.release(4);
      all.join(part);
      assertEquals(available - 4, all.blocks());
    }
    assertEquals(available, volume.stats().blocksAvailable());
  }

  @Test
  void checkpointEmptiesTheJournal() throws IOException {
    put(volume, "a", "1");
    sync(volume);
    assertTrue(volume.stats().journalBytesUsed() > 0);
    volume.checkpoint();
    assertEquals(0, volume.stats().journalBytesUsed());
    assertEquals(0, volume.stats().dirtyNodes());
    killAndReopen();
    assertEquals("1", get(volume, "a"));
  }

  @Test
  void checkpointLeavesTheOpenGroupOut() throws IOException {
    put(volume, "a", "1");
    volume.seal();
    put(volume, "b", "2");
    volume.checkpoint();
    killAndReopen();
    assertEquals("1", get(volume, "a"));
    assertEquals("-", get(volume, "b"));
  }

  @Test
  void checkpointsDoNotLeakSpace() throws IOException {
    put(volume, "a", "1");
    sync(volume);
    volume.checkpoint();
    VolumeStats before = volume.stats();
    for (int i = 0; i < 50; i++) {
      put(volume, "a", "" + i);
      sync(volume);
      volume.checkpoint();
    }
    VolumeStats after = volume.stats();
    assertEquals(
        before.blocksFree() + before.blocksForNodes(), after.blocksFree() + after.blocksForNodes());
  }

  @Test
  void fullRingMakesACheckpointByItself() throws IOException {
    byte[] large = new byte[4000];
    for (int i = 0; i < 1000; i++) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        tx.put(key("k" + i % 10), large);
        tx.commit();
      }
      sync(volume);
    }
    assertTrue(volume.stats().generation() > 4, volume.stats().toString());
    killAndReopen();
    assertEquals(10, entries(volume.view()).size());
  }

  @Test
  void groupLargerThanTheRingIsStillAtomicAndDurable() throws IOException {
    byte[] large = new byte[4000];
    for (int i = 0; i < 300; i++) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        tx.put(key("k" + i % 20), large);
        tx.commit();
      }
    }
    assertTrue(volume.openGroupBytes() > volume.stats().journalBytes());
    sync(volume);
    killAndReopen();
    assertEquals(20, entries(volume.view()).size());
  }

  @Test
  void unsealedSequenceCannotBeAwaited() {
    assertThrows(IllegalArgumentException.class, () -> volume.awaitDurable(99));
  }

  @Test
  void closedVolumeRefuses() throws IOException {
    volume.close();
    volume.close();
    assertThrows(IllegalStateException.class, () -> volume.begin(Purpose.GROW));
  }

  @Test
  void transactionEndsOnce() throws IOException {
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      tx.commit();
      assertThrows(IllegalStateException.class, tx::commit);
      assertThrows(IllegalStateException.class, () -> tx.put(key("a"), value("1")));
    }
  }

  @Test
  void largestKeyAndValueFit() throws IOException {
    byte[] key = new byte[Key.MAX_BYTES];
    key[0] = 1;
    for (int i = 0; i < 20; i++) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        byte[] other = key.clone();
        other[1] = (byte) i;
        tx.put(Key.of(other), new byte[4096]);
        tx.commit();
      }
    }
    sync(volume);
    volume.checkpoint();
    assertEquals(20, entries(volume.view()).size());
  }

  @Test
  void largeSparseVolumeFormatsAndOpensAtOnce() throws IOException {
    BlockDevice large = formatted(64L << 30);
    try (Volume opened = open(large)) {
      assertEquals((64L << 30) / BlockGeometry.BLOCK_BYTES, opened.stats().blocksTotal());
      put(opened, "a", "1");
    }
  }

  @Test
  void backgroundCheckpointsKeepUpWithWriters() throws IOException {
    volume.close();
    volume = Volume.open(device, new VolumeConfig(64, 16, true));
    for (int i = 0; i < 2000; i++) {
      put(volume, "key" + i % 300, "value " + i);
      volume.awaitWritten(volume.seal());
    }
    volume.close();
    volume = open(device);
    assertEquals("value 1999", get(volume, "key" + 1999 % 300));
    assertEquals(300, entries(volume.view()).size());
  }
}
