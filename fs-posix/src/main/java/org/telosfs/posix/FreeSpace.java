package org.telosfs.posix;

import org.telosfs.block.volume.VolumeStats;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.StatFs;

/** What statfs tells: of the volume, and of a directory with a limit of its own. */
final class FreeSpace {
  private static final int BLOCK_BYTES = 4096;

  /** For so many blocks of data one is kept for the map that will describe them. */
  private static final int NODE_SHARE = 16;

  /** Blocks that an inode with a name takes in the map, roughly; for the number of free inodes. */
  private static final int INODES_PER_BLOCK = 8;

  private final PosixVolume volume;
  private final Orphans orphans;

  FreeSpace(PosixVolume volume, Orphans orphans) {
    this.volume = volume;
    this.orphans = orphans;
  }

  /** As files of a project see it; 0 is none. */
  StatFs within(int project) {
    QuotaReport quota =
        project == 0 ? null : volume.quotas().report(QuotaSubject.directory(project));
    return quota == null ? wholeTree() : quota.within(wholeTree());
  }

  private StatFs wholeTree() {
    orphans.freeUnusedAndWait();
    VolumeStats stats = volume.stats();
    // What tree nodes may need until the next checkpoint, and what waits to become durable, is
    // free: who asks for more than the rest makes the volume fetch it.
    long free =
        Math.max(
            0,
            stats.blocksFree()
                + stats.blocksForNodes()
                + stats.blocksWaiting()
                - stats.blocksReserved());
    long usable = Math.max(0, free - stats.blocksKept() - stats.blocksReserved() / NODE_SHARE);
    long available =
        Math.min(free, Math.max(stats.blocksAvailable(), usable - usable / (NODE_SHARE + 1)));
    return new StatFs(
        BLOCK_BYTES,
        stats.blocksTotal(),
        free,
        available,
        stats.blocksTotal() * INODES_PER_BLOCK,
        available * INODES_PER_BLOCK);
  }
}
