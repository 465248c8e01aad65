package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What every device does. */
public abstract class BlockDeviceContract {
  /** A new device of 64 sectors, all zero. */
  protected abstract BlockDevice device() throws IOException;

  private static ByteBuffer sectors(BlockDevice device, int count, int fill) {
    ByteBuffer bytes = ByteBuffer.allocate(count * device.sectorBytes());
    while (bytes.hasRemaining()) {
      bytes.put((byte) fill);
    }
    return bytes.flip();
  }

  @Test
  void startsWithZeros() throws IOException {
    try (BlockDevice device = device()) {
      ByteBuffer into = sectors(device, 2, 9);
      device.read(device.sectorBytes(), into);
      assertEquals(sectors(device, 2, 0), into.flip());
    }
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    try (BlockDevice device = device()) {
      long offset = device.sizeBytes() - 3L * device.sectorBytes();
      device.write(offset, sectors(device, 3, 5));
      device.flush();
      ByteBuffer into = sectors(device, 2, 0);
      device.read(offset + device.sectorBytes(), into);
      assertEquals(sectors(device, 2, 5), into.flip());
    }
  }

  @Test
  void movesOnlyWhatRemainsInTheBuffer() throws IOException {
    try (BlockDevice device = device()) {
      ByteBuffer three = sectors(device, 3, 5);
      three.position(device.sectorBytes()).limit(2 * device.sectorBytes());
      device.write(0, three);
      assertEquals(2 * device.sectorBytes(), three.position());
      ByteBuffer into = sectors(device, 2, 1);
      device.read(0, into);
      assertEquals(0, into.get(device.sectorBytes()));
    }
  }

  @Test
  void refusesPartsOfSectorsAndWhatLiesBeyond() throws IOException {
    try (BlockDevice device = device()) {
      ByteBuffer one = sectors(device, 1, 1);
      assertThrows(IllegalArgumentException.class, () -> device.write(1, one));
      assertThrows(IllegalArgumentException.class, () -> device.read(device.sizeBytes(), one));
      assertThrows(IllegalArgumentException.class, () -> device.read(-device.sectorBytes(), one));
      assertThrows(IllegalArgumentException.class, () -> device.write(0, ByteBuffer.allocate(1)));
      assertThrows(IllegalArgumentException.class, () -> device.discard(0, device.sizeBytes() + 1));
    }
  }

  @Test
  void discardLeavesOtherSectorsAlone() throws IOException {
    try (BlockDevice device = device()) {
      device.write(0, sectors(device, 3, 5));
      device.discard(device.sectorBytes(), device.sectorBytes());
      ByteBuffer into = sectors(device, 1, 0);
      device.read(2L * device.sectorBytes(), into);
      assertEquals(sectors(device, 1, 5), into.flip());
    }
  }
}
