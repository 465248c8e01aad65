package org.telosfs.posix;

import org.telosfs.posix.format.QuotaRecord;
import org.telosfs.posix.format.QuotaRecord.Passage;

/** What one subject uses and may use; guarded by its {@link QuotaTable}. */
final class QuotaAccount {
  QuotaLimits limits = QuotaLimits.NONE;
  Passage passage = Passage.NONE;
  int otherProject;

  /** The inode whose tree is counted; 0 for users and groups, and where no limit is left. */
  long directory;

  /** Of committed records. */
  QuotaUsage usage = QuotaUsage.NOTHING;

  /** Blocks that waiting pages will add. */
  long waitingBlocks;

  /** Differs from what the volume has. */
  boolean changed;

  static QuotaAccount of(QuotaRecord record) {
    QuotaAccount account = new QuotaAccount();
    account.limits = new QuotaLimits(record.mostBlocks(), record.mostInodes());
    account.passage = record.passage();
    account.otherProject = record.otherProject();
    account.directory = record.directory();
    account.usage = new QuotaUsage(record.blocks(), record.inodes());
    return account;
  }

  QuotaRecord record() {
    return new QuotaRecord(
        passage,
        otherProject,
        directory,
        limits.blocks(),
        limits.inodes(),
        usage.blocks(),
        usage.inodes());
  }

  /** True if nothing would be lost by forgetting it. */
  boolean isEmpty() {
    return limits.isNone()
        && directory == 0
        && passage == Passage.NONE
        && usage.isNothing()
        && waitingBlocks == 0;
  }

  /** True if so much more would be too much; what shrinks never is. */
  boolean refuses(long moreBlocks, long moreInodes) {
    boolean tooManyBlocks =
        moreBlocks > 0 && limits.blocks() > 0 && total().blocks() + moreBlocks > limits.blocks();
    boolean tooManyInodes =
        moreInodes > 0 && limits.inodes() > 0 && usage.inodes() + moreInodes > limits.inodes();
    return tooManyBlocks || tooManyInodes;
  }

  /** What waits included. */
  QuotaUsage total() {
    return new QuotaUsage(usage.blocks() + waitingBlocks, usage.inodes());
  }
}
