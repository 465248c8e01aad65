package org.telosfs.block.volume;

import java.io.IOException;

/** A block's content is not what was written there. */
public final class ChecksumException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long block;

  ChecksumException(long block, int expected, int actual) {
    super(
        String.format(
            "data block %d is damaged: CRC32C is %08x, expected %08x", block, actual, expected));
    this.block = block;
  }

  /** The address of the damaged block. */
  public long block() {
    return block;
  }
}
