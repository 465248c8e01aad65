package org.telosfs.persistence.pack;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.telosfs.persistence.ObjectId;

/** A set of object ids as pages of bits: ids are given out one after another, so pages are full. */
public final class IdSet {

  static final int PAGE_BITS = 8;
  static final int PAGE_WORDS = (1 << PAGE_BITS) / Long.SIZE;

  private final TreeMap<Long, long[]> pages = new TreeMap<>();
  private long size;

  /** Whether it was not there before. */
  public boolean add(ObjectId id) {
    long[] page = pages.computeIfAbsent(id.value() >>> PAGE_BITS, number -> new long[PAGE_WORDS]);
    long bit = 1L << id.value();
    int word = word(id);
    if ((page[word] & bit) != 0) {
      return false;
    }
    page[word] |= bit;
    size++;
    return true;
  }

  public boolean contains(ObjectId id) {
    if (pages.isEmpty()) {
      return false;
    }
    long[] page = pages.get(id.value() >>> PAGE_BITS);
    return page != null && (page[word(id)] & (1L << id.value())) != 0;
  }

  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Visits all ids, ascending. */
  void forEach(LongConsumer visitor) {
    pages.forEach(
        (number, words) -> {
          for (int word = 0; word < PAGE_WORDS; word++) {
            for (long bits = words[word]; bits != 0; bits &= bits - 1) {
              visitor.accept(
                  (number << PAGE_BITS)
                      + (long) word * Long.SIZE
                      + Long.numberOfTrailingZeros(bits));
            }
          }
        });
  }

  Map<Long, long[]> pages() {
    return pages;
  }

  void addPage(long number, long[] words) {
    pages.put(number, words);
    for (long word : words) {
      size += Long.bitCount(word);
    }
  }

  private static int word(ObjectId id) {
    return (int) (id.value() >>> 6) & (PAGE_WORDS - 1);
  }
}
