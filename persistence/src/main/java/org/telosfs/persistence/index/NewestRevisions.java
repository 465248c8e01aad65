package org.telosfs.persistence.index;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * The row of each object's newest revision, in pages of neighbouring ids: ids are given out one
 * after another, so pages are full, 4 bytes an object, and in order.
 */
final class NewestRevisions {

  /** No such object. */
  static final int NONE = -1;

  private static final int PAGE_BITS = 8;
  private static final int PAGE_IDS = 1 << PAGE_BITS;

  /** Page number to rows, each plus one, so that 0 is {@link #NONE}. */
  private final TreeMap<Long, int[]> pages = new TreeMap<>();

  int get(long id) {
    int[] page = pages.get(id >>> PAGE_BITS);
    return page == null ? NONE : page[(int) (id & (PAGE_IDS - 1))] - 1;
  }

  void put(long id, int row) {
    pages
            .computeIfAbsent(id >>> PAGE_BITS, number -> new int[PAGE_IDS])[
            (int) (id & (PAGE_IDS - 1))] =
        row + 1;
  }

  long greatestId() {
    if (pages.isEmpty()) {
      return 0;
    }
    long id = ((pages.lastKey() + 1) << PAGE_BITS) - 1;
    while (get(id) == NONE) {
      id--;
    }
    return id;
  }

  /** Visits ids from the first on, ascending, until the visitor says false. */
  void visit(long first, LongPredicate visitor) {
    for (Map.Entry<Long, int[]> page : pages.tailMap(first >>> PAGE_BITS, true).entrySet()) {
      long base = page.getKey() << PAGE_BITS;
      for (int slot = (int) Math.max(0, first - base); slot < PAGE_IDS; slot++) {
        if (page.getValue()[slot] != 0 && !visitor.test(base + slot)) {
          return;
        }
      }
    }
  }

  long memoryBytes() {
    return (long) pages.size() * (PAGE_IDS * Integer.BYTES + 80);
  }
}
