package org.telosfs.vfs.memory;

import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.StatFs;

/** What is left of the blocks and inodes that a tree may use. */
final class MemorySpace {
  /** One inode for so many bytes of capacity, but never fewer than {@link #FEWEST_INODES}. */
  private static final int BYTES_PER_INODE = 768;

  private static final int FEWEST_INODES = 64;

  private final long totalBlocks;
  private final long totalInodes;
  private final AtomicLong freeBlocks;
  private final AtomicLong freeInodes;
  private final ChunkPool chunks = new ChunkPool();

  MemorySpace(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacityBytes=" + capacityBytes);
    }
    totalBlocks = capacityBytes / Chunk.BLOCK_BYTES;
    totalInodes = Math.max(FEWEST_INODES, capacityBytes / BYTES_PER_INODE);
    freeBlocks = new AtomicLong(totalBlocks);
    freeInodes = new AtomicLong(totalInodes);
  }

  /** Where the bytes of whole chunks lie. */
  ChunkPool chunks() {
    return chunks;
  }

  /** Takes all of them or none. */
  void takeBlocks(long blocks) throws FsException {
    take(freeBlocks, blocks);
  }

  void releaseBlocks(long blocks) {
    if (blocks != 0) {
      freeBlocks.addAndGet(blocks);
    }
  }

  void takeInode() throws FsException {
    take(freeInodes, 1);
  }

  void releaseInode() {
    freeInodes.incrementAndGet();
  }

  StatFs toStatFs() {
    long free = freeBlocks.get();
    return new StatFs(Chunk.BLOCK_BYTES, totalBlocks, free, free, totalInodes, freeInodes.get());
  }

  private static void take(AtomicLong free, long wanted) throws FsException {
    if (wanted == 0) {
      return;
    }
    long before = free.get();
    while (before >= wanted) {
      if (free.compareAndSet(before, before - wanted)) {
        return;
      }
      before = free.get();
    }
    throw new FsException(Errno.ENOSPC);
  }
}
