package org.telosfs.posix;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many lookups the kernel owes a forget for, of inodes of which nothing else is in memory.
 * Inodes of neighbouring numbers share a page, as the kernel mostly knows them all: of such it
 * takes some two bytes each, of one without neighbours some thirty. Safe for threads.
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
    return shards[(int) (Shard.pageOf(inode) & SHARDS - 1)];
  }

  /** Pages by open addressing, the next place being the next try. */
  private static final class Shard {
    private static final int INODES_OF_A_PAGE_LOG = 4;
    private static final int BITS = Long.SIZE >> INODES_OF_A_PAGE_LOG;

    /** Of more lookups the page says this, and {@link #many} how many. */
    private static final long MANY = (1 << BITS) - 1;

    @GuardedBy("this")
    private long[] pages = new long[LEAST_PLACES];

    /** The counts of a page's inodes, {@value #BITS} bits each; 0 is a free place. */
    @GuardedBy("this")
    private long[] counts = new long[LEAST_PLACES];

    @GuardedBy("this")
    private final Map<Long, Long> many = new HashMap<>();

    @GuardedBy("this")
    private int used;

    @GuardedBy("this")
    private int size;

    static long pageOf(long inode) {
      return inode >>> INODES_OF_A_PAGE_LOG;
    }

    private static int shiftOf(long inode) {
      return (int) (inode & (1 << INODES_OF_A_PAGE_LOG) - 1) * BITS;
    }

    synchronized int size() {
      return size;
    }

    synchronized void put(long inode, long lookups) {
      if (lookups <= 0) {
        throw new IllegalArgumentException("lookups=" + lookups);
      }
      int at = find(pageOf(inode));
      if (counts[at] == 0) {
        if (used >= pages.length / 4 * 3) {
          resize(pages.length / 2 * 3);
          at = find(pageOf(inode));
        }
        used++;
        pages[at] = pageOf(inode);
      }
      size++;
      counts[at] |= Math.min(lookups, MANY) << shiftOf(inode);
      if (lookups >= MANY) {
        many.put(inode, lookups);
      }
    }

    synchronized long take(long inode) {
      int at = find(pageOf(inode));
      long lookups = counts[at] >>> shiftOf(inode) & MANY;
      if (lookups == 0) {
        return 0;
      }
      size--;
      counts[at] &= ~(MANY << shiftOf(inode));
      if (counts[at] == 0) {
        used--;
        remove(at);
        if (used < pages.length / 4 && pages.length > LEAST_PLACES) {
          resize(Math.max(LEAST_PLACES, pages.length / 2));
        }
      }
      Long large = lookups == MANY ? many.remove(inode) : null;
      return large == null ? lookups : large;
    }

    @GuardedBy("this")
    private int home(long page) {
      long mixed = page * 0x9E3779B97F4A7C15L;
      return (int) Long.remainderUnsigned(mixed >>> 16, pages.length);
    }

    /** The place of a page, or the free one where it would be. */
    @GuardedBy("this")
    private int find(long page) {
      int at = home(page);
      while (counts[at] != 0 && pages[at] != page) {
        at = at + 1 == pages.length ? 0 : at + 1;
      }
      return at;
    }

    /** Moves up those that are farther from home for the sake of the one that goes. */
    @GuardedBy("this")
    private void remove(int place) {
      int free = place;
      int length = pages.length;
      for (int at = (free + 1) % length; counts[at] != 0; at = (at + 1) % length) {
        int fromHome = (at - home(pages[at]) + length) % length;
        int fromFree = (at - free + length) % length;
        if (fromHome >= fromFree) {
          pages[free] = pages[at];
          counts[free] = counts[at];
          free = at;
        }
      }
      counts[free] = 0;
    }

    @GuardedBy("this")
    private void resize(int places) {
      long[] oldPages = pages;
      long[] oldCounts = counts;
      pages = new long[places];
      counts = new long[places];
      for (int i = 0; i < oldPages.length; i++) {
        if (oldCounts[i] != 0) {
          int at = find(oldPages[i]);
          pages[at] = oldPages[i];
          counts[at] = oldCounts[i];
        }
      }
    }
  }
}
