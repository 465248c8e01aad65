package org.telosfs.posix;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of one file that have been written and have no extent yet. Guarded by the inode's lock:
 * shared to read, exclusive to change.
 */
final class DirtyPages {
  static final int PAGE_SHIFT = 12;
  static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  private static final int MANY = 64;
  private static final int SCATTERED = 4;

  /** What the map has where a page waits. */
  enum Under {
    /** Nothing: the page adds a block to the file. */
    HOLE,
    /** Data, in whose place the page will come. */
    DATA,
    /** Allocated space, into which the page will be written. */
    UNWRITTEN
  }

  /** Immutable while empty, as it is of most inodes. */
  private NavigableMap<Long, byte[]> pages = Collections.emptyNavigableMap();

  /** Of the pages that are not over holes; likewise. */
  private Map<Long, Under> under = Map.of();

  private int overUnwritten;

  boolean isEmpty() {
    return pages.isEmpty();
  }

  int count() {
    return pages.size();
  }

  /** Pages that will add a block to the file. */
  long fresh() {
    return (long) pages.size() - under.size();
  }

  /** As {@link #fresh()}, of the blocks [from, to). */
  long fresh(long from, long to) {
    return pages.subMap(from, to).keySet().stream()
        .filter(block -> !under.containsKey(block))
        .count();
  }

  /** Pages that will take new space on the device. */
  long needingSpace() {
    return (long) pages.size() - overUnwritten;
  }

  /** Many pages, few of them side by side. */
  boolean areScattered() {
    return pages.size() >= MANY
        && pages.lastKey() - pages.firstKey() > SCATTERED * (long) pages.size();
  }

  byte @Nullable [] page(long fileBlock) {
    return pages.get(fileBlock);
  }

  /** Adds a page of a block that has none. */
  void add(long fileBlock, byte[] page, Under what) {
    if (pages.isEmpty()) {
      pages = new TreeMap<>();
    }
    pages.put(fileBlock, page);
    lies(fileBlock, what);
  }

  private void lies(long fileBlock, Under what) {
    if (what == Under.HOLE) {
      return;
    }
    if (under.isEmpty()) {
      under = new HashMap<>();
    }
    Under before = under.put(fileBlock, what);
    overUnwritten += (what == Under.UNWRITTEN ? 1 : 0) - (before == Under.UNWRITTEN ? 1 : 0);
  }

  /** The holes of [from, to) have been allocated. */
  void allocated(long from, long to) {
    pages.subMap(from, to).keySet().forEach(block -> lies(block, Under.UNWRITTEN));
  }

  /** The first waiting block at or after this one; null if there is none. */
  @Nullable Long next(long fileBlock) {
    return pages.ceilingKey(fileBlock);
  }

  /** All pages, in order. */
  Map<Long, byte[]> all() {
    return pages;
  }

  /** Drops the pages of [from, to); their buffers go to the pool. */
  void drop(long from, long to, PagePool pool) {
    if (pages.isEmpty() || (from <= pages.firstKey() && pages.lastKey() < to)) {
      clear(pool);
      return;
    }
    Map<Long, byte[]> range = pages.subMap(from, to);
    for (Long block : under.isEmpty() ? Set.<Long>of() : range.keySet()) {
      overUnwritten -= under.remove(block) == Under.UNWRITTEN ? 1 : 0;
    }
    pool.giveBack(range);
    range.clear();
  }

  /** Drops all pages. */
  void clear(PagePool pool) {
    if (pages.isEmpty()) {
      return;
    }
    pool.giveBack(pages);
    pages = Collections.emptyNavigableMap();
    under = Map.of();
    overUnwritten = 0;
  }
}
