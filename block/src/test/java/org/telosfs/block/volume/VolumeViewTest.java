package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.telosfs.block.volume.VolumeFixture.formatted;
import static org.telosfs.block.volume.VolumeFixture.key;
import static org.telosfs.block.volume.VolumeFixture.value;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.tree.TreeCorruptException;
import org.telosfs.block.tree.TreeRoot;

/** Readers so slow that the places of their state's nodes hold others meanwhile. */
final class VolumeViewTest {
  private static final int ENTRIES = 2000;
  private static final int MOST_ROUNDS = 50;
  private static final long DEVICE_BYTES = 8L << 20;

  private MemoryBlockDevice device;
  private Volume volume;

  @BeforeEach
  void fill() throws IOException {
    device = formatted(DEVICE_BYTES);
    // Remembers one node, so that nearly all are read from their places.
    volume = Volume.open(device, new VolumeConfig(1, 1024, false));
    putAll("old");
    volume.checkpoint();
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
  }

  private static String name(int entry) {
    return String.format("%05d", entry);
  }

  private static byte[] valueOf(int entry, String state) {
    return value((state + entry).repeat(20));
  }

  /** Writes every entry, and so replaces every leaf. */
  private void putAll(String state) throws IOException {
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      for (int entry = 0; entry < ENTRIES; entry++) {
        tx.put(key(name(entry)), valueOf(entry, state));
      }
      tx.commit();
    }
    volume.seal();
  }

  /** Replaces all nodes until the places of a view's hold others. */
  private void takePlacesFrom(VolumeView view) throws IOException {
    TreeRoot old = view.version().root();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      putAll("new");
      volume.checkpoint();
      if (isLost(old, 0) && isLost(old, ENTRIES / 2) && isLost(old, ENTRIES - 1)) {
        return;
      }
    }
    fail("the old nodes have kept their places");
  }

  private boolean isLost(TreeRoot root, int entry) throws IOException {
    try {
      volume.trees().map().get(root, key(name(entry)).bytes());
      return false;
    } catch (TreeCorruptException lost) {
      return true;
    }
  }

  @Test
  void aViewIsOfItsStateWhileThatCanBeRead() throws IOException {
    VolumeView view = volume.view();
    putAll("new");
    assertArrayEquals(valueOf(7, "old"), view.get(key(name(7))));
  }

  @Test
  void aViewMovesOnWhenItsNodesHaveLostTheirPlaces() throws IOException {
    for (int reader = 0; reader < 3; reader++) {
      VolumeView view = volume.view();
      takePlacesFrom(view);
      switch (reader) {
        case 0 -> assertArrayEquals(valueOf(7, "new"), view.get(key(name(7))));
        case 1 -> assertEquals(key(name(7)), keyOf(view.floor(key("000075"))));
        default -> assertEquals(key(name(8)), keyOf(view.ceiling(key("000075"))));
      }
    }
  }

  private static Key keyOf(@Nullable MapEntry entry) {
    return Objects.requireNonNull(entry).key();
  }

  @Test
  void aScanMovesOnAndTakesEachEntryOnce() throws IOException {
    for (int before : new int[] {0, 1, ENTRIES / 3, ENTRIES / 2}) {
      VolumeView view = volume.view();
      MapCursor cursor = view.scan(key(name(0)), key(name(ENTRIES)));
      for (int entry = 0; entry < before; entry++) {
        assertTrue(cursor.next());
      }
      takePlacesFrom(view);
      for (int entry = before; entry < ENTRIES; entry++) {
        assertTrue(cursor.next());
        assertEquals(key(name(entry)), cursor.key());
        assertNotNull(cursor.value());
      }
      assertArrayEquals(valueOf(ENTRIES - 1, "new"), cursor.value());
      assertFalse(cursor.next());
    }
  }

  @Test
  void aCursorMovesOnBackwardsToo() throws IOException {
    VolumeView view = volume.view();
    ViewCursor cursor = view.cursor(key(name(ENTRIES)).bytes());
    takePlacesFrom(view);
    for (int entry = ENTRIES - 1; entry >= 0; entry--) {
      assertTrue(cursor.previous());
      assertEquals(key(name(entry)), Key.of(cursor.key()));
    }
    assertArrayEquals(valueOf(0, "new"), cursor.value());
    assertFalse(cursor.previous());
  }

  @Test
  void aScanThatMovesOnSeesWhatIsThereNow() throws IOException {
    VolumeView view = volume.view();
    MapCursor cursor = view.scan(key(name(0)), null);
    assertTrue(cursor.next());
    takePlacesFrom(view);
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      tx.delete(key(name(0)));
      for (int entry = ENTRIES / 2; entry < ENTRIES; entry++) {
        tx.delete(key(name(entry)));
      }
      tx.commit();
    }
    int seen = 1;
    while (cursor.next()) {
      assertEquals(key(name(seen++)), cursor.key());
    }
    assertEquals(ENTRIES / 2, seen);
  }

  @Test
  void damageIsFoundByAViewThatHasMovedOnToIt() throws IOException {
    VolumeView view = volume.view();
    takePlacesFrom(view);
    ByteBuffer block = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    long firstDataBlock = volume.checkpoints().current().firstDataBlock();
    for (long at = firstDataBlock; at < DEVICE_BYTES / BlockGeometry.BLOCK_BYTES; at++) {
      device.read(at * BlockGeometry.BLOCK_BYTES, block.clear());
      block.put(100, (byte) (block.get(100) ^ 1));
      device.write(at * BlockGeometry.BLOCK_BYTES, block.flip());
    }
    int damaged = 0;
    for (int entry = 0; entry < ENTRIES; entry++) {
      try {
        view.get(key(name(entry)));
      } catch (TreeCorruptException found) {
        damaged++;
      }
    }
    assertTrue(damaged > ENTRIES / 2, damaged + " of " + ENTRIES);
  }
}
