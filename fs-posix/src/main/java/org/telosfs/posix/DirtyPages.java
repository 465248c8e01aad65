package org.telosfs.posix;

import java.util.HashSet;
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
  static final int PAGE_BYTES = 4096;

  private final NavigableMap<Long, byte[]> pages = new TreeMap<>();

  /** Blocks on the device that waiting pages will replace, so that they take no new space. */
  private final Set<Long> replacing = new HashSet<>();

  boolean isEmpty() {
    return pages.isEmpty();
  }

  int count() {
    return pages.size();
  }

  /** Pages that will take new space, which stat counts already. */
  long fresh() {
    return (long) pages.size() - replacing.size();
  }

  byte @Nullable [] page(long fileBlock) {
    return pages.get(fileBlock);
  }

  /** Adds a page of a block that has none. */
  void add(long fileBlock, byte[] page, boolean isFresh) {
    pages.put(fileBlock, page);
    if (!isFresh) {
      replacing.add(fileBlock);
    }
  }

  /** The first waiting block at or after this one; null if there is none. */
  @Nullable Long next(long fileBlock) {
    return pages.ceilingKey(fileBlock);
  }

  /** All pages, in order. */
  Map<Long, byte[]> all() {
    return pages;
  }

  /** Drops the pages of [from, to). */
  void drop(long from, long to) {
    Set<Long> range = pages.subMap(from, to).keySet();
    replacing.removeAll(new HashSet<>(range));
    range.clear();
  }

  void clear() {
    pages.clear();
    replacing.clear();
  }
}
