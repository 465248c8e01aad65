package org.telosfs.daemon.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.MemoryBlockDevice;

class UnchangedDeviceTest {
  private static final int SECTOR = 512;

  private static ByteBuffer sectors(int count, int value) {
    ByteBuffer buffer = ByteBuffer.allocate(count * SECTOR);
    while (buffer.hasRemaining()) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  private static int first(BlockDevice device, long sector) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(3 * SECTOR);
    buffer.position(SECTOR).limit(2 * SECTOR);
    device.read(sector * SECTOR, buffer);
    return buffer.get(SECTOR);
  }

  @Test
  void showsWhatWasWrittenAndLeavesTheMediumAlone() throws IOException {
    try (MemoryBlockDevice medium = new MemoryBlockDevice(SECTOR, 8)) {
      medium.write(0, sectors(8, 1));
      UnchangedDevice device = new UnchangedDevice(medium);
      device.write(2 * SECTOR, sectors(2, 5));
      device.flush();
      assertEquals(1, first(device, 1));
      assertEquals(5, first(device, 2));
      assertEquals(5, first(device, 3));
      assertEquals(1, first(device, 4));
      assertEquals(1, first(medium, 2));
    }
  }
}
