package org.telosfs.posix;

import org.telosfs.block.BlockGeometry;
import org.telosfs.posix.format.InodeRecord;

/**
 * What somebody uses, or a difference of that.
 *
 * @param blocks of 4,096 bytes, as stat(2) tells of each inode
 * @param inodes that exist, with or without names
 */
public record QuotaUsage(long blocks, long inodes) {
  static final QuotaUsage NOTHING = new QuotaUsage(0, 0);

  static QuotaUsage of(InodeRecord record) {
    return new QuotaUsage(record.isDirectory() ? 1 : record.blocks(), 1);
  }

  public long bytes() {
    return blocks * BlockGeometry.BLOCK_BYTES;
  }

  QuotaUsage plus(QuotaUsage more) {
    return new QuotaUsage(blocks + more.blocks, inodes + more.inodes);
  }

  QuotaUsage minus(QuotaUsage less) {
    return new QuotaUsage(blocks - less.blocks, inodes - less.inodes);
  }

  boolean isNothing() {
    return blocks == 0 && inodes == 0;
  }
}
