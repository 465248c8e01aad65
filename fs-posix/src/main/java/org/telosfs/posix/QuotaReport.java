package org.telosfs.posix;

import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.StatFs;

/**
 * What somebody uses and may use.
 *
 * @param directory the inode whose tree a project counts; 0 for users and groups, and for a project
 *     whose directory has no quota any more
 * @param usage with what waits in memory
 */
public record QuotaReport(
    QuotaSubject subject, long directory, QuotaLimits limits, QuotaUsage usage) {

  /** The tree as it looks from within the quota: no larger than that, and no freer. */
  StatFs within(StatFs tree) {
    long total = limits.blocks() == 0 ? tree.totalBlocks() : limits.blocks();
    long left = limits.blocks() == 0 ? Long.MAX_VALUE : left(limits.blocks(), usage.blocks());
    long totalInodes = limits.inodes() == 0 ? tree.totalInodes() : limits.inodes();
    long leftInodes = limits.inodes() == 0 ? Long.MAX_VALUE : left(limits.inodes(), usage.inodes());
    return new StatFs(
        tree.blockBytes(),
        Math.min(tree.totalBlocks(), total),
        Math.min(tree.freeBlocks(), left),
        Math.min(tree.availableBlocks(), left),
        Math.min(tree.totalInodes(), totalInodes),
        Math.min(tree.freeInodes(), leftInodes));
  }

  private static long left(long limit, long used) {
    return Math.max(0, limit - used);
  }
}
