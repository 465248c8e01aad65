package org.telosfs.posix.format;

import java.nio.ByteBuffer;

/**
 * A run of device blocks that several extents refer to. Its first block stands in the key. A block
 * in no such run belongs to the one extent that holds it, or is free.
 *
 * <pre>
 * offset size field
 *      0    1 version
 *      1    3 zero
 *      4    4 blocks
 *      8    4 references, 2 or more
 * </pre>
 *
 * @param references how many extents hold each of the blocks
 */
public record SharedBlocksRecord(int blocks, int references) {
  private static final byte VERSION = 1;
  private static final int BLOCKS_OFFSET = 4;
  private static final int BYTES = 12;

  public SharedBlocksRecord {
    if (blocks < 1 || references < 2) {
      throw new IllegalArgumentException("blocks=" + blocks + " references=" + references);
    }
  }

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .putInt(BLOCKS_OFFSET, blocks)
        .putInt(BLOCKS_OFFSET + Integer.BYTES, references)
        .array();
  }

  /**
   * The record of these bytes.
   *
   * @throws PosixFormatException if they are none
   */
  public static SharedBlocksRecord decode(byte[] bytes) throws PosixFormatException {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new PosixFormatException("shared blocks record of " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int blocks = from.getInt(BLOCKS_OFFSET);
    int references = from.getInt(BLOCKS_OFFSET + Integer.BYTES);
    if (blocks < 1 || references < 2) {
      throw new PosixFormatException(
          "shared blocks record of " + blocks + " blocks and " + references + " references");
    }
    return new SharedBlocksRecord(blocks, references);
  }
}
