package org.telosfs.posix;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Inodes without names whose last use is over: in nobody's reach, and still to be freed by somebody
 * who holds no lock. Safe for threads.
 */
final class UnusedInodes {
  private final ConcurrentLinkedQueue<LiveInode> inodes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong blocks = new AtomicLong();

  void add(LiveInode inode) {
    count.incrementAndGet();
    blocks.addAndGet(blocksOf(inode));
    inodes.add(inode);
  }

  /** Blocks that it has or would get. */
  private static long blocksOf(LiveInode inode) {
    return inode.record().blocks() + inode.freshBlocks();
  }

  /** How many blocks they have or would get, all together. */
  long blocks() {
    return blocks.get();
  }

  /** How many there are. */
  int count() {
    return count.get();
  }

  /** The next one, which stays. */
  @Nullable LiveInode next() {
    return count.get() == 0 ? null : inodes.peek();
  }

  /** Takes the next one. */
  @Nullable LiveInode take() {
    LiveInode taken = inodes.poll();
    if (taken != null) {
      count.decrementAndGet();
      blocks.addAndGet(-blocksOf(taken));
    }
    return taken;
  }
}
