package org.telosfs.posix;

import org.telosfs.block.BlockGeometry;

/**
 * What a quota allows.
 *
 * @param blocks of 4,096 bytes at most; 0 for any number
 * @param inodes at most; 0 for any number
 */
public record QuotaLimits(long blocks, long inodes) {
  /** Allows everything. */
  public static final QuotaLimits NONE = new QuotaLimits(0, 0);

  public QuotaLimits {
    if (blocks < 0 || inodes < 0) {
      throw new IllegalArgumentException("limits of " + blocks + " blocks, " + inodes + " inodes");
    }
  }

  /** Of so many bytes, rounded up to whole blocks; 0 for any number. */
  public static QuotaLimits of(long bytes, long inodes) {
    long wholeBlocks = bytes / BlockGeometry.BLOCK_BYTES;
    boolean whole = bytes % BlockGeometry.BLOCK_BYTES == 0;
    return new QuotaLimits(whole ? wholeBlocks : wholeBlocks + 1, inodes);
  }

  public long bytes() {
    return blocks * BlockGeometry.BLOCK_BYTES;
  }

  public boolean isNone() {
    return blocks == 0 && inodes == 0;
  }
}
