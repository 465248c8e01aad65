package org.telosfs.block;

import java.nio.ByteBuffer;

/** Arithmetic of blocks and sectors. */
public final class BlockGeometry {
  /** Bytes of a block, the unit in which a volume gives out space. */
  public static final int BLOCK_BYTES = 4096;

  private BlockGeometry() {}

  /** How many blocks hold this many bytes. */
  public static long blocksFor(long bytes) {
    return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
  }

  /** The next multiple of {@code unit}, a power of two, at or after {@code value}. */
  public static long alignUp(long value, int unit) {
    return (value + unit - 1) & -(long) unit;
  }

  /**
   * Refuses a transfer that is not whole sectors inside the device.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static void requireSectors(BlockDevice device, long offsetBytes, long lengthBytes) {
    int sector = device.sectorBytes();
    if (offsetBytes % sector != 0 || lengthBytes % sector != 0) {
      throw new IllegalArgumentException(
          lengthBytes + " bytes at " + offsetBytes + " are not whole sectors of " + sector);
    }
    if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > device.sizeBytes() - lengthBytes) {
      throw new IllegalArgumentException(
          lengthBytes + " bytes at " + offsetBytes + " lie beyond " + device.sizeBytes());
    }
  }

  /** How many whole blocks remain in a buffer. */
  public static int wholeBlocks(ByteBuffer buffer) {
    if (buffer.remaining() % BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(buffer.remaining() + " bytes are not whole blocks");
    }
    return buffer.remaining() / BLOCK_BYTES;
  }
}
