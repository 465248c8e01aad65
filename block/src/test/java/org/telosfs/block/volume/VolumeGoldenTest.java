package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.telosfs.block.volume.VolumeFixture.blocks;
import static org.telosfs.block.volume.VolumeFixture.copyOf;
import static org.telosfs.block.volume.VolumeFixture.formatted;
import static org.telosfs.block.volume.VolumeFixture.get;
import static org.telosfs.block.volume.VolumeFixture.key;
import static org.telosfs.block.volume.VolumeFixture.open;
import static org.telosfs.block.volume.VolumeFixture.put;
import static org.telosfs.block.volume.VolumeFixture.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.MemoryBlockDevice;

/**
 * The bytes of version 1, as they were first released. The file is written once: who changes a byte
 * on disk makes a new version. {@code -Dtelosfs.golden=FILE} writes what the code makes now.
 */
class VolumeGoldenTest {
  private static final String GOLDEN = "/golden/volume-v1.hex";

  /** The same content, with a group that counts only with its data. */
  private static final String CHECKED = "/golden/volume-v1-checked-data.hex";

  private static final int ROW_BYTES = 32;

  /** A checkpoint, a group after it in the journal, and one block of data. */
  private static BlockDevice written() throws IOException {
    MemoryBlockDevice device = formatted();
    Volume volume = open(device);
    put(volume, "checkpointed", "first");
    put(volume, "removed", "later");
    sync(volume);
    volume.checkpoint();
    try (Reservation space = volume.reserve(1);
        VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      StoredExtent stored =
          volume.extents().write(tx, space, ExtentStore.ANYWHERE, blocks(1, 0xA5)).get(0);
      ByteBuffer value = ByteBuffer.allocate(12).putLong(stored.extent().startBlock());
      stored.checksums().encode(value);
      tx.put(key("data"), value.array());
      tx.delete(key("removed"));
      tx.commit();
    }
    sync(volume);
    return copyOf(device); // As after a kill.
  }

  private static String hex(BlockDevice device) throws IOException {
    StringBuilder rows = new StringBuilder();
    ByteBuffer all = ByteBuffer.allocate((int) device.sizeBytes());
    device.read(0, all);
    byte[] zero = new byte[ROW_BYTES];
    byte[] row = new byte[ROW_BYTES];
    for (all.flip(); all.hasRemaining(); ) {
      int offset = all.position();
      all.get(row);
      if (!java.util.Arrays.equals(row, zero)) {
        rows.append(String.format("%08x %s%n", offset, HexFormat.of().formatHex(row)));
      }
    }
    return rows.toString();
  }

  private static List<String> golden(String name) {
    try (InputStream in = VolumeGoldenTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static MemoryBlockDevice goldenDevice(String name) {
    MemoryBlockDevice device = new MemoryBlockDevice(512, VolumeFormat.LEAST_DEVICE_BYTES / 512);
    ByteBuffer all = ByteBuffer.allocate((int) device.sizeBytes());
    for (String line : golden(name)) {
      int space = line.indexOf(' ');
      byte[] row = HexFormat.of().parseHex(line.substring(space + 1));
      all.put(HexFormat.fromHexDigits(line, 0, space), row);
    }
    device.write(0, all);
    return device;
  }

  @Test
  void superblockIsWrittenAsInVersion1() throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    goldenDevice(GOLDEN).read(0, block);
    ByteBuffer again = Superblock.decode(block.rewind(), "golden").encode();
    assertEquals(block.rewind(), again);
  }

  @Test
  void journalGroupIsWrittenAsInVersion1() throws IOException {
    // The first group's bytes depend on nothing but its changes; later ones name places.
    long group = SuperblockFormat.END_BLOCK * (long) BlockGeometry.BLOCK_BYTES;
    assertEquals(block(goldenDevice(GOLDEN), group), block(written(), group));
  }

  private static ByteBuffer block(BlockDevice device, long offset) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    device.read(offset, block);
    return block.flip();
  }

  @Test
  void goldenFileCanBeMadeAgain() throws IOException {
    String now = hex(written());
    String target = System.getProperty("telosfs.golden");
    if (target != null) {
      Files.writeString(Path.of(target), now);
    }
    assertEquals(golden(CHECKED).get(0), now.lines().findFirst().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {GOLDEN, CHECKED})
  void version1IsRead(String name) throws IOException {
    Volume volume = open(goldenDevice(name));
    assertEquals("first", get(volume, "checkpointed"));
    assertEquals("-", get(volume, "removed"));
    ByteBuffer value = ByteBuffer.wrap(volume.view().get(key("data")));
    ByteBuffer into = ByteBuffer.allocate(4096);
    volume
        .extents()
        .read(
            new org.telosfs.block.DataExtent(value.getLong(), 1, 1),
            org.telosfs.block.BlockChecksums.decode(value, 1),
            0,
            into);
    assertEquals(blocks(1, 0xA5), into.flip());
  }

  @Test
  void groupThatChecksDataDoesNotCountWithoutIt() throws IOException {
    MemoryBlockDevice device = goldenDevice(CHECKED);
    Volume whole = open(copyOf(device));
    long block = ByteBuffer.wrap(whole.view().get(key("data"))).getLong();
    device.write(block * BlockGeometry.BLOCK_BYTES, blocks(1, 0));
    Volume volume = open(device);
    assertEquals("-", get(volume, "data"));
    assertEquals("later", get(volume, "removed"));
  }

  @Test
  void featureLastsUntilTheVolumeIsClosed() throws IOException {
    MemoryBlockDevice device = formatted();
    assertEquals(0, incompatibleFeatures(device));
    Volume volume = open(device);
    assertEquals(FeatureBits.CHECKED_DATA, incompatibleFeatures(device));
    volume.close();
    assertEquals(0, incompatibleFeatures(device));
  }

  private static long incompatibleFeatures(BlockDevice device) throws IOException {
    return new SuperblockPair(device).read().features().incompatible();
  }
}
