package org.telosfs.persistence.index;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The row of each object's newest revision, in pages of neighbouring ids: ids are given out one
 * after another, so pages are full, 4 bytes an object, and in order. The pages of the first 2^30
 * ids are found by an array, others, which only a log from elsewhere holds, by a map.
 */
final class NewestRevisions {

  /** No such object. */
  static final int NONE = -1;

  private static final int PAGE_BITS = 8;
  private static final int PAGE_IDS = 1 << PAGE_BITS;
  private static final int NEAR_PAGES = 1 << 22;
  private static final int FIRST_PAGES = 16;

  /** By page number: rows, each plus one, so that 0 is {@link #NONE}. */
  private int[] @Nullable [] near = new int[FIRST_PAGES][];

  /** Pages from {@link #NEAR_PAGES} on. */
  private final TreeMap<Long, int[]> far = new TreeMap<>();

  private int nearInUse;
  private long greatestId;

  int get(long id) {
    int[] page = page(id >>> PAGE_BITS);
    return page == null ? NONE : page[(int) (id & (PAGE_IDS - 1))] - 1;
  }

  void put(long id, int row) {
    long number = id >>> PAGE_BITS;
    int[] page = page(number);
    if (page == null) {
      page = new int[PAGE_IDS];
      add(number, page);
    }
    page[(int) (id & (PAGE_IDS - 1))] = row + 1;
    greatestId = Math.max(greatestId, id);
  }

  long greatestId() {
    return greatestId;
  }

  /** Visits ids from the first on, ascending, until the visitor says false. */
  void visit(long first, LongPredicate visitor) {
    for (long number = first >>> PAGE_BITS; number < near.length; number++) {
      int[] page = near[(int) number];
      if (page != null && !visit(number << PAGE_BITS, page, first, visitor)) {
        return;
      }
    }
    for (Map.Entry<Long, int[]> page : far.tailMap(first >>> PAGE_BITS, true).entrySet()) {
      if (!visit(page.getKey() << PAGE_BITS, page.getValue(), first, visitor)) {
        return;
      }
    }
  }

  long memoryBytes() {
    return (nearInUse + (long) far.size()) * (PAGE_IDS * Integer.BYTES + 16)
        + 64L * far.size()
        + (long) near.length * Integer.BYTES;
  }

  private int @Nullable [] page(long number) {
    if (number < near.length) {
      return near[(int) number];
    }
    return number < NEAR_PAGES ? null : far.get(number);
  }

  private void add(long number, int[] page) {
    if (number >= NEAR_PAGES) {
      far.put(number, page);
      return;
    }
    if (number >= near.length) {
      near = Arrays.copyOf(near, Integer.highestOneBit((int) number) << 1);
    }
    near[(int) number] = page;
    nearInUse++;
  }

  private static boolean visit(long base, int[] page, long first, LongPredicate visitor) {
    for (int slot = (int) Math.max(0, first - base); slot < PAGE_IDS; slot++) {
      if (page[slot] != 0 && !visitor.test(base + slot)) {
        return false;
      }
    }
    return true;
  }
}
