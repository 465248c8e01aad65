package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.NoSpaceException;

/** Random transactions against a map in memory, with kills, closes and checkpoints between them. */
class VolumeModelTest {
  private static final int STEPS = Boolean.getBoolean("telosfs.long") ? 200_000 : 2_000;

  private MemoryBlockDevice device = VolumeFixture.formatted(6L << 20);
  private Volume volume = VolumeFixture.open(device);

  private TreeMap<Key, byte[]> model = new TreeMap<>();
  private TreeMap<Key, StoredExtent> files = new TreeMap<>();
  private TreeMap<Key, byte[]> sealedModel = new TreeMap<>();
  private TreeMap<Key, StoredExtent> sealedFiles = new TreeMap<>();

  VolumeModelTest() throws IOException {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void agreesWithATreeMap(long seed) throws IOException {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      try {
        step(random);
      } catch (NoSpaceException full) {
        makeRoom();
      } catch (IOException | RuntimeException | AssertionError failed) {
        throw new AssertionError("seed " + seed + ", step " + step, failed);
      }
    }
    sync();
    check(volume.view());
    assertEquals(List.of(), VolumeScrub.run(volume, this::walk).findings());
  }

  private void step(Random random) throws IOException {
    int kind = random.nextInt(100);
    if (kind < 60) {
      change(random);
    } else if (kind < 75) {
      writeFile(random);
    } else if (kind < 85) {
      removeFile(random);
    } else if (kind < 92) {
      sync();
    } else if (kind < 95) {
      volume.checkpoint();
    } else if (kind < 97) {
      readFiles();
      check(volume.view());
    } else if (kind < 98) {
      sync();
      volume.close();
      volume = VolumeFixture.open(device);
      check(volume.view());
    } else {
      killAndReopen();
    }
  }

  private void killAndReopen() throws IOException {
    device = VolumeFixture.copyOf(device);
    volume = VolumeFixture.open(device);
    model = new TreeMap<>(sealedModel);
    files = new TreeMap<>(sealedFiles);
    check(volume.view());
    readFiles();
  }

  private void sync() throws IOException {
    long sequence = volume.seal();
    sealedModel = new TreeMap<>(model);
    sealedFiles = new TreeMap<>(files);
    volume.awaitWritten(sequence);
  }

  private void change(Random random) throws IOException {
    TreeMap<Key, byte @Nullable []> changes = new TreeMap<>();
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        Key key = randomKey(random);
        if (random.nextInt(3) == 0) {
          tx.delete(key);
          changes.put(key, null);
        } else {
          byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 4096 : 100)];
          random.nextBytes(value);
          tx.put(key, value);
          changes.put(key, value);
        }
      }
      TreeMap<Key, byte[]> expected = new TreeMap<>(model);
      changes.forEach((key, value) -> apply(expected, key, value));
      compareAt(randomKey(random), expected, tx);
      if (random.nextInt(10) == 0) {
        compareAll(expected, tx);
      }
      if (random.nextInt(10) > 0) {
        tx.commit();
        model = expected;
      }
    }
  }

  private static void apply(TreeMap<Key, byte[]> map, Key key, byte @Nullable [] value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private void writeFile(Random random) throws IOException {
    int blocks = 1 + random.nextInt(6);
    Key key = Key.of((byte) 200, (byte) random.nextInt(30));
    StoredExtent old = files.get(key);
    try (Reservation space = volume.reserve(blocks);
        VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      List<StoredExtent> stored =
          volume
              .extents()
              .write(
                  tx,
                  space,
                  ExtentStore.ANYWHERE,
                  VolumeFixture.blocks(blocks, random.nextInt(256)));
      for (StoredExtent tooMany : stored.subList(1, stored.size())) {
        volume.extents().free(tx, tooMany.extent());
      }
      if (old != null) {
        volume.extents().free(tx, old.extent());
      }
      byte[] value = encode(stored.get(0));
      tx.put(key, value);
      if (random.nextInt(10) > 0) {
        tx.commit();
        files.put(key, stored.get(0));
        model.put(key, value);
      }
    }
  }

  private void removeFile(Random random) throws IOException {
    Key key = files.ceilingKey(Key.of((byte) 200, (byte) random.nextInt(30)));
    if (key != null) {
      remove(key);
    }
  }

  private void remove(Key key) throws IOException {
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      volume.extents().free(tx, files.get(key).extent());
      tx.delete(key);
      tx.commit();
      files.remove(key);
      model.remove(key);
    }
  }

  private void makeRoom() throws IOException {
    for (Key key : new ArrayList<>(files.keySet())) {
      remove(key);
    }
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      for (Key key : new ArrayList<>(model.keySet())) {
        tx.delete(key);
      }
      tx.commit();
      model.clear();
    }
    sync();
  }

  private void readFiles() throws IOException {
    for (StoredExtent file : files.values()) {
      ByteBuffer into = ByteBuffer.allocate(file.extent().blocks() * BlockGeometry.BLOCK_BYTES);
      volume.extents().read(file.extent(), file.checksums(), 0, into);
    }
  }

  private void walk(
      MapReader map,
      java.util.function.BiConsumer<
              org.telosfs.block.DataExtent, org.telosfs.block.@Nullable BlockChecksums>
          found) {
    for (StoredExtent file : files.values()) {
      found.accept(file.extent(), file.checksums());
    }
  }

  private void check(MapReader map) throws IOException {
    compareAll(model, map);
  }

  private static void compareAll(TreeMap<Key, byte[]> expected, MapReader map) throws IOException {
    TreeMap<Key, byte[]> actual = VolumeFixture.entries(map);
    assertEquals(expected.keySet(), actual.keySet());
    for (Map.Entry<Key, byte[]> entry : expected.entrySet()) {
      assertArrayEquals(entry.getValue(), actual.get(entry.getKey()));
    }
  }

  private static void compareAt(Key key, TreeMap<Key, byte[]> expected, MapReader map)
      throws IOException {
    compareEntry(expected.floorEntry(key), map.floor(key));
    compareEntry(expected.ceilingEntry(key), map.ceiling(key));
    assertArrayEquals(expected.get(key), map.get(key));
  }

  private static void compareEntry(
      Map.@Nullable Entry<Key, byte[]> expected, @Nullable MapEntry actual) {
    if (expected == null) {
      assertNull(actual);
    } else {
      assertNotNull(actual);
      assertEquals(expected.getKey(), actual.key());
      assertArrayEquals(expected.getValue(), actual.value());
    }
  }

  private static Key randomKey(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(3)];
    random.nextBytes(bytes);
    bytes[0] = (byte) (1 + random.nextInt(20));
    return Key.of(bytes);
  }

  private static byte[] encode(StoredExtent file) {
    ByteBuffer bytes = ByteBuffer.allocate(12 + 4 * file.extent().blocks());
    bytes.putLong(file.extent().startBlock()).putInt(file.extent().blocks());
    file.checksums().encode(bytes);
    return bytes.array();
  }
}
