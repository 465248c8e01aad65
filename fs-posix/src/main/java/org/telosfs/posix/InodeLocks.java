package org.telosfs.posix;

import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Locks of inodes, by stripe. Order: lower stripe first; equal stripes once. */
final class InodeLocks {
  private static final int STRIPES = 1024;

  private final ReadWriteLock[] stripes = new ReadWriteLock[STRIPES];

  InodeLocks() {
    Arrays.setAll(stripes, i -> new ReentrantReadWriteLock());
  }

  /** Locks held; closing releases them. */
  static final class Held implements AutoCloseable {
    private final Lock[] locks;

    private Held(Lock... locks) {
      this.locks = locks;
    }

    @Override
    public void close() {
      for (int i = locks.length - 1; i >= 0; i--) {
        locks[i].unlock();
      }
    }
  }

  /** Shared use of one inode. */
  Held read(long inode) {
    Lock lock = stripes[stripe(inode)].readLock();
    lock.lock();
    return new Held(lock);
  }

  /** Exclusive use of one inode. */
  Held write(long inode) {
    Lock lock = stripes[stripe(inode)].writeLock();
    lock.lock();
    return new Held(lock);
  }

  /** Exclusive use of one inode, if that can be had without waiting; else null. */
  @Nullable Held tryWrite(long inode) {
    Lock lock = stripes[stripe(inode)].writeLock();
    return lock.tryLock() ? new Held(lock) : null;
  }

  /** Exclusive use of two inodes, which may be the same. */
  Held write(long one, long other) {
    int first = stripe(one);
    int second = stripe(other);
    if (first == second) {
      return write(one);
    }
    Lock lower = stripes[Math.min(first, second)].writeLock();
    Lock upper = stripes[Math.max(first, second)].writeLock();
    lower.lock();
    upper.lock();
    return new Held(lower, upper);
  }

  /** Exclusive use of several inodes; a number may occur more than once. */
  Held write(long... inodes) {
    int[] order = new int[inodes.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = stripe(inodes[i]);
    }
    Arrays.sort(order);
    Lock[] locks = new Lock[order.length];
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      if (i == 0 || order[i] != order[i - 1]) {
        Lock lock = stripes[order[i]].writeLock();
        lock.lock();
        locks[count++] = lock;
      }
    }
    return new Held(Arrays.copyOf(locks, count));
  }

  private static int stripe(long inode) {
    return (int) (inode & STRIPES - 1);
  }
}
