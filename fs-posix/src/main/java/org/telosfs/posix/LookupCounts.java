package org.telosfs.posix;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many lookups the kernel owes a forget for, of inodes of which nothing else is in memory: some
 * fifteen bytes each, since it may know millions. Safe for threads.
 */
final class LookupCounts {
  private static final int SHARDS = 64;
  private static final int LEAST_PLACES = 16;

  private final Shard[] shards = new Shard[SHARDS];

  LookupCounts() {
    Arrays.setAll(shards, i -> new Shard());
  }

  /** Notes lookups of an inode of which none are known. */
  void put(long inode, long lookups) {
    shard(inode).put(inode, lookups);
  }

  /** Takes the lookups of an inode out; 0 if there are none. */
  long take(long inode) {
    return shard(inode).take(inode);
  }

  /** How many inodes have some. */
  int size() {
    int size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  private Shard shard(long inode) {
    return shards[(int) (inode & SHARDS - 1)];
  }

  /** Open addressing, the next place being the next try; 0 is no inode. */
  private static final class Shard {
    /** Of more lookups the table says {@link #MANY}. */
    private static final byte MANY = Byte.MAX_VALUE;

    @GuardedBy("this")
    private long[] inodes = new long[LEAST_PLACES];

    @GuardedBy("this")
    private byte[] counts = new byte[LEAST_PLACES];

    @GuardedBy("this")
    private final Map<Long, Long> many = new HashMap<>();

    @GuardedBy("this")
    private int size;

    synchronized int size() {
      return size;
    }

    synchronized void put(long inode, long lookups) {
      if (size >= inodes.length / 4 * 3) {
        resize(inodes.length / 2 * 3);
      }
      int at = find(inode);
      size++;
      inodes[at] = inode;
      counts[at] = (byte) Math.min(lookups, MANY);
      if (lookups >= MANY) {
        many.put(inode, lookups);
      }
    }

    synchronized long take(long inode) {
      int at = find(inode);
      if (inodes[at] != inode) {
        return 0;
      }
      Long large = many.remove(inode);
      long lookups = large == null ? counts[at] : large;
      size--;
      remove(at);
      if (size < inodes.length / 4 && inodes.length > LEAST_PLACES) {
        resize(Math.max(LEAST_PLACES, inodes.length / 2));
      }
      return lookups;
    }

    @GuardedBy("this")
    private int home(long inode) {
      long mixed = inode * 0x9E3779B97F4A7C15L;
      return (int) Long.remainderUnsigned(mixed >>> 16, inodes.length);
    }

    /** The place of an inode, or the free one where it would be. */
    @GuardedBy("this")
    private int find(long inode) {
      int at = home(inode);
      while (inodes[at] != 0 && inodes[at] != inode) {
        at = at + 1 == inodes.length ? 0 : at + 1;
      }
      return at;
    }

    /** Moves up those that are farther from home for the sake of the one that goes. */
    @GuardedBy("this")
    private void remove(int place) {
      int free = place;
      int length = inodes.length;
      for (int at = (free + 1) % length; inodes[at] != 0; at = (at + 1) % length) {
        int fromHome = (at - home(inodes[at]) + length) % length;
        int fromFree = (at - free + length) % length;
        if (fromHome >= fromFree) {
          inodes[free] = inodes[at];
          counts[free] = counts[at];
          free = at;
        }
      }
      inodes[free] = 0;
      counts[free] = 0;
    }

    @GuardedBy("this")
    private void resize(int places) {
      long[] oldInodes = inodes;
      byte[] oldCounts = counts;
      inodes = new long[places];
      counts = new byte[places];
      for (int i = 0; i < oldInodes.length; i++) {
        if (oldInodes[i] != 0) {
          int at = find(oldInodes[i]);
          inodes[at] = oldInodes[i];
          counts[at] = oldCounts[i];
        }
      }
    }
  }
}
