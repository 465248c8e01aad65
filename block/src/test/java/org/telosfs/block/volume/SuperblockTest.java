package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.telosfs.block.volume.VolumeFixture.copyOf;
import static org.telosfs.block.volume.VolumeFixture.formatted;
import static org.telosfs.block.volume.VolumeFixture.get;
import static org.telosfs.block.volume.VolumeFixture.open;
import static org.telosfs.block.volume.VolumeFixture.put;
import static org.telosfs.block.volume.VolumeFixture.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.MemoryBlockDevice;

class SuperblockTest {
  private final MemoryBlockDevice device = formatted();

  SuperblockTest() throws IOException {}

  private ByteBuffer read(int copy) {
    ByteBuffer block = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    device.read(SuperblockFormat.offsetOf(copy), block);
    return block.rewind();
  }

  private void write(int copy, ByteBuffer block) {
    device.write(SuperblockFormat.offsetOf(copy), block.rewind());
  }

  /** Changes both copies, with checksums that are right again. */
  private void change(int offset, long value) {
    for (int copy = 0; copy < 2; copy++) {
      ByteBuffer block = read(copy).putLong(offset, value);
      CRC32C crc = new CRC32C();
      crc.update(block.array(), 0, SuperblockFormat.CRC32C_OFFSET);
      write(copy, block.putInt(SuperblockFormat.CRC32C_OFFSET, (int) crc.getValue()));
    }
  }

  @Test
  void tableAddsUp() {
    assertEquals(72, SuperblockFormat.GENERATION_OFFSET);
    assertEquals(168, SuperblockFormat.END_OFFSET);
    assertEquals(508, SuperblockFormat.CRC32C_OFFSET);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneLostCopyRecoversTheNewestState(int lost) throws IOException {
    Volume volume = open(device);
    for (int i = 0; i < 5; i++) {
      put(volume, "a", "" + i);
      sync(volume);
      volume.checkpoint();
    }
    put(volume, "b", "after the checkpoint");
    sync(volume);
    write(lost, ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES));
    Volume again = open(copyOf(device));
    assertEquals("4", get(again, "a"));
    assertEquals("after the checkpoint", get(again, "b"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void openingRenewsALostCopy(int lost) throws IOException {
    write(lost, ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES));
    open(device).close();
    assertEquals(
        read(1 - lost).getLong(SuperblockFormat.GENERATION_OFFSET),
        read(lost).getLong(SuperblockFormat.GENERATION_OFFSET));
  }

  @Test
  void everyFlippedBitIsFoundOrHarmless() throws IOException {
    for (int bit = 0; bit < 8 * SuperblockFormat.BYTES; bit++) {
      ByteBuffer block = read(0);
      block.put(bit / 8, (byte) (block.get(bit / 8) ^ 1 << bit % 8));
      String place = "bit " + bit;
      assertThrows(VolumeFormatException.class, () -> Superblock.decode(block, place), place);
    }
  }

  @Test
  void otherContentIsNotOurs() {
    write(0, ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES));
    write(1, ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES));
    assertThrows(VolumeFormatException.NotOurs.class, () -> open(device));
  }

  @Test
  void damageOfBothCopiesIsCorruptAndNamesThePlace() {
    for (int copy = 0; copy < 2; copy++) {
      write(copy, read(copy).put(200, (byte) 1));
    }
    VolumeFormatException.Corrupt refused =
        assertThrows(VolumeFormatException.Corrupt.class, () -> open(device));
    assertEquals("superblock at byte 0", refused.place());
    assertTrue(String.valueOf(refused.getMessage()).contains("expected"));
  }

  @Test
  void laterVersionIsTooNewAndEarlierTooOld() {
    change(SuperblockFormat.VERSION_OFFSET, 2L << 32);
    assertThrows(VolumeFormatException.TooNew.class, () -> open(device));
    change(SuperblockFormat.VERSION_OFFSET, 0);
    assertThrows(VolumeFormatException.TooOld.class, () -> open(device));
  }

  @Test
  void unknownFeaturesAreTooNewUnlessCompatible() throws IOException {
    change(SuperblockFormat.INCOMPATIBLE_OFFSET, 4);
    assertThrows(VolumeFormatException.TooNew.class, () -> open(device));
    change(SuperblockFormat.INCOMPATIBLE_OFFSET, 0);
    change(SuperblockFormat.READ_ONLY_COMPATIBLE_OFFSET, 4);
    assertThrows(VolumeFormatException.TooNew.class, () -> open(device));
    change(SuperblockFormat.READ_ONLY_COMPATIBLE_OFFSET, 0);
    change(SuperblockFormat.COMPATIBLE_OFFSET, 4);
    open(device).close();
    assertEquals(4, read(0).getLong(SuperblockFormat.COMPATIBLE_OFFSET));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        SuperblockFormat.DEVICE_BYTES_OFFSET,
        SuperblockFormat.JOURNAL_START_OFFSET,
        SuperblockFormat.JOURNAL_BYTES_OFFSET,
        SuperblockFormat.POSITION_OFFSET,
        SuperblockFormat.SEQUENCE_OFFSET,
        SuperblockFormat.FREE_BLOCKS_OFFSET,
        SuperblockFormat.MAP_ROOT_OFFSET,
        SuperblockFormat.SPACE_ROOT_OFFSET,
      })
  void hostileFieldsAreRefused(int offset) {
    for (long hostile : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE - 4096}) {
      if (hostile < 0
          || (offset != SuperblockFormat.SEQUENCE_OFFSET
              && offset != SuperblockFormat.POSITION_OFFSET)) {
        change(offset, hostile);
        assertThrows(VolumeFormatException.Corrupt.class, () -> open(device), "" + hostile);
      }
    }
  }
}
