package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.UUID;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;

/** Small volumes in memory, and the few words that tests of them are made of. */
public final class VolumeFixture {
  /** The id of every volume made here, so that their bytes can be compared. */
  public static final UUID ID = new UUID(0x1234_5678_9ABC_4DEFL, 0x8123_4567_89AB_CDEFL);

  private VolumeFixture() {}

  /** A device of the least size, with a volume on it. */
  public static MemoryBlockDevice formatted() throws IOException {
    return formatted(VolumeFormat.LEAST_DEVICE_BYTES);
  }

  /** A device of this size, with a volume on it. */
  public static MemoryBlockDevice formatted(long bytes) throws IOException {
    MemoryBlockDevice device = new MemoryBlockDevice(512, bytes / 512);
    Volume.format(device, VolumeFormat.withId(ID));
    return device;
  }

  /** Opens without threads. */
  public static Volume open(BlockDevice device) throws IOException {
    return Volume.open(device, VolumeConfig.deterministic());
  }

  /** A key of these letters. */
  public static Key key(String letters) {
    return Key.of(letters.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes of these letters. */
  public static byte[] value(String letters) {
    return letters.getBytes(StandardCharsets.UTF_8);
  }

  /** Whole blocks filled with one byte. */
  public static ByteBuffer blocks(int count, int fill) {
    ByteBuffer data = ByteBuffer.allocate(count * BlockGeometry.BLOCK_BYTES);
    while (data.hasRemaining()) {
      data.put((byte) fill);
    }
    return data.flip();
  }

  /** Commits one entry. */
  public static void put(Volume volume, String key, String value) throws IOException {
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      tx.put(key(key), value(value));
      tx.commit();
    }
  }

  /** The value of a key as letters; "-" if it has none. */
  public static String get(Volume volume, String key) throws IOException {
    byte[] value = volume.view().get(key(key));
    return value == null ? "-" : new String(value, StandardCharsets.UTF_8);
  }

  /** Seals, and waits until that is durable. */
  public static void sync(Volume volume) throws IOException {
    volume.awaitDurable(volume.seal());
  }

  /** All entries. */
  public static TreeMap<Key, byte[]> entries(MapReader map) throws IOException {
    TreeMap<Key, byte[]> all = new TreeMap<>();
    MapCursor cursor = map.scan(Key.of((byte) 0), null);
    while (cursor.next()) {
      all.put(cursor.key(), cursor.value());
    }
    return all;
  }

  /**
   * A copy of what a device holds now, as a kill of the process would leave it.
   *
   * @param device in memory, so that this is quick
   */
  public static MemoryBlockDevice copyOf(BlockDevice device) throws IOException {
    MemoryBlockDevice copy =
        new MemoryBlockDevice(device.sectorBytes(), device.sizeBytes() / device.sectorBytes());
    ByteBuffer piece = ByteBuffer.allocate(1 << 20);
    for (long at = 0; at < device.sizeBytes(); at += piece.capacity()) {
      piece.clear().limit((int) Math.min(piece.capacity(), device.sizeBytes() - at));
      device.read(at, piece);
      copy.write(at, piece.flip());
    }
    return copy;
  }
}
