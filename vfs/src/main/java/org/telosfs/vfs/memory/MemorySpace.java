package org.telosfs.vfs.memory;

import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.StatFs;

/**
 * What is left of the blocks and inodes that a tree may use, and the memory outside the heap that
 * all of it lies in. Safe for any number of threads.
 */
final class MemorySpace {
  static final int BLOCK_SHIFT = 12;
  static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;

  /** One inode for so many bytes of capacity, but never fewer than {@link #FEWEST_INODES}. */
  private static final int BYTES_PER_INODE = 512;

  private static final int FEWEST_INODES = 64;

  /**
   * Of the memory outside the heap so much is for content, the rest for inodes and names: some 250
   * bytes for each inode.
   */
  private static final double CONTENT_SHARE = 2 / 3.0;

  private final long totalBlocks;
  private final long totalInodes;
  private final AtomicLong freeBlocks;
  private final AtomicLong freeInodes;
  private final AtomicLong freeHeapBytes;
  private final RecordPool blocks;
  private final RecordPool inodes;
  private final RecordPool treeNodes;
  private final NameRecords names;

  /** As much of the heap as is fair, and what the system has outside. */
  MemorySpace(long capacityBytes) {
    this(capacityBytes, new Slabs(), Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * @param heapBytes what directories, attributes and links may take of the heap
   */
  MemorySpace(long capacityBytes, Slabs memory, long heapBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacityBytes=" + capacityBytes);
    }
    totalBlocks = capacityBytes / BLOCK_BYTES;
    totalInodes = Math.max(FEWEST_INODES, capacityBytes / BYTES_PER_INODE);
    freeBlocks = new AtomicLong(totalBlocks);
    freeInodes = new AtomicLong(totalInodes);
    freeHeapBytes = new AtomicLong(heapBytes);
    blocks = new RecordPool(BLOCK_BYTES, memory);
    inodes = new RecordPool(MemoryNode.RECORD_BYTES, memory);
    treeNodes = new RecordPool(IntTree.NODE_BYTES, memory);
    names = new NameRecords(memory);
  }

  /** The capacity of a tree that is to get along with so much memory outside the heap. */
  static long capacityWithin(long bytes) {
    return (long) (bytes * CONTENT_SHARE) & -BLOCK_BYTES;
  }

  /** The content of files. */
  RecordPool blocks() {
    return blocks;
  }

  /** The inodes, as {@link MemoryNode} lays them out. */
  RecordPool inodes() {
    return inodes;
  }

  /** What finds blocks and names. */
  RecordPool treeNodes() {
    return treeNodes;
  }

  NameRecords names() {
    return names;
  }

  /** Takes all of them or none. */
  void takeBlocks(long wanted) throws FsException {
    take(freeBlocks, wanted);
  }

  void releaseBlocks(long released) {
    if (released != 0) {
      freeBlocks.addAndGet(released);
    }
  }

  void takeInode() throws FsException {
    take(freeInodes, 1);
  }

  void releaseInode() {
    freeInodes.incrementAndGet();
  }

  void takeHeap(long bytes) throws FsException {
    take(freeHeapBytes, bytes);
  }

  void releaseHeap(long bytes) {
    freeHeapBytes.addAndGet(bytes);
  }

  long freeHeapBytes() {
    return freeHeapBytes.get();
  }

  StatFs toStatFs() {
    long free = freeBlocks.get();
    return new StatFs(BLOCK_BYTES, totalBlocks, free, free, totalInodes, freeInodes.get());
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
