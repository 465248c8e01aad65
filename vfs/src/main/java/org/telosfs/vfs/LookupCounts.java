package org.telosfs.vfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many lookups of each inode somebody has been given and not yet given back. Inodes of
 * neighbouring numbers share a page, as the kernel mostly knows them all: of such it takes some
 * three bytes each, of one without neighbours some thirty, more of one with {@value Shard#MANY}
 * lookups or more. Safe for threads; its monitors come below every other lock.
 */
public final class LookupCounts {
  private static final int SHARDS = 64;

  private final Shard[] shards = new Shard[SHARDS];

  public LookupCounts() {
    Arrays.setAll(shards, i -> new Shard());
  }

  /** Takes part in {@link #takeAll}. */
  @FunctionalInterface
  public interface Taker {
    void take(long inode, long lookups);
  }

  /**
   * Adds to the lookups of an inode.
   *
   * @param lookups at least 1
   */
  public void add(long inode, long lookups) {
    if (lookups <= 0) {
      throw new IllegalArgumentException("lookups=" + lookups);
    }
    shard(inode).add(inode, lookups);
  }

  /** Takes away lookups of an inode, an unsigned number; returns how many there were of them. */
  public long subtract(long inode, long lookups) {
    return shard(inode).subtract(inode, lookups);
  }

  /** Takes the lookups of an inode out; 0 if there are none. */
  public long take(long inode) {
    return subtract(inode, -1);
  }

  /** Takes all of them out, one after another. */
  public void takeAll(Taker taker) {
    for (Shard shard : shards) {
      shard.takeOut().forEach(taker);
    }
  }

  /** Whether there are lookups of an inode. */
  public boolean contains(long inode) {
    return shard(inode).contains(inode);
  }

  /** How many inodes have some. */
  public long size() {
    long size = 0;
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
    private static final int LEAST_PLACES = 16;
    private static final int INODES_OF_A_PAGE_LOG = 3;
    private static final int BITS = Long.SIZE >> INODES_OF_A_PAGE_LOG;

    /** Of so many lookups or more the page says this, and {@link #many} how many. */
    private static final long MANY = (1 << BITS) - 1;

    @GuardedBy("this")
    private long[] pages = new long[LEAST_PLACES];

    /** The counts of a page's inodes, {@value #BITS} bits each; 0 is a free place. */
    @GuardedBy("this")
    private long[] counts = new long[LEAST_PLACES];

    @GuardedBy("this")
    private Map<Long, Long> many = new HashMap<>();

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

    synchronized boolean contains(long inode) {
      return stored(find(pageOf(inode)), inode) != 0;
    }

    synchronized void add(long inode, long lookups) {
      int at = find(pageOf(inode));
      if (counts[at] == 0) {
        if (used >= pages.length / 4 * 3) {
          resize(pages.length / 2 * 3);
          at = find(pageOf(inode));
        }
        used++;
        pages[at] = pageOf(inode);
      }
      long before = lookups(at, inode);
      if (before == 0) {
        size++;
      }
      set(at, inode, before + lookups);
    }

    synchronized long subtract(long inode, long lookups) {
      int at = find(pageOf(inode));
      long before = lookups(at, inode);
      if (before == 0) {
        return 0;
      }
      long taken = Long.compareUnsigned(lookups, before) < 0 ? lookups : before;
      set(at, inode, before - taken);
      if (taken == before) {
        size--;
        if (counts[at] == 0) {
          used--;
          remove(at);
          if (used < pages.length / 4 && pages.length > LEAST_PLACES) {
            resize(Math.max(LEAST_PLACES, pages.length / 2));
          }
        }
      }
      return taken;
    }

    /** Another with all that is in it; it is empty then. */
    synchronized Shard takeOut() {
      Shard taken = new Shard();
      synchronized (taken) {
        taken.pages = pages;
        taken.counts = counts;
        taken.many = many;
      }
      pages = new long[LEAST_PLACES];
      counts = new long[LEAST_PLACES];
      many = new HashMap<>();
      used = 0;
      size = 0;
      return taken;
    }

    /** Of one that nobody else knows: its monitor keeps nobody waiting. */
    synchronized void forEach(Taker taker) {
      for (int at = 0; at < pages.length; at++) {
        for (long left = counts[at], inode = pages[at] << INODES_OF_A_PAGE_LOG;
            left != 0;
            left >>>= BITS, inode++) {
          if ((left & MANY) != 0) {
            taker.take(inode, lookups(at, inode));
          }
        }
      }
    }

    @GuardedBy("this")
    private long stored(int at, long inode) {
      return counts[at] >>> shiftOf(inode) & MANY;
    }

    @GuardedBy("this")
    private long lookups(int at, long inode) {
      long stored = stored(at, inode);
      return stored == MANY ? many.getOrDefault(inode, MANY) : stored;
    }

    @GuardedBy("this")
    private void set(int at, long inode, long lookups) {
      boolean wereMany = stored(at, inode) == MANY;
      if (lookups >= MANY) {
        many.put(inode, lookups);
      } else if (wereMany) {
        many.remove(inode);
      }
      int shift = shiftOf(inode);
      counts[at] = (counts[at] & ~(MANY << shift)) | (Math.min(lookups, MANY) << shift);
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
