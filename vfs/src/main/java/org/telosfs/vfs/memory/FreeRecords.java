package org.telosfs.vfs.memory;

import java.util.Arrays;

/**
 * Which records of a pool are free: a bit for each, and a bit for each 64 of those. The lowest one
 * is taken first, so that what was given back in any order is taken as few ranges, and what is in
 * use lies close together. Guarded by the pool.
 */
final class FreeRecords {
  private static final int SHIFT = 6;

  private long[] bits = new long[1];

  /** A bit for each of {@link #bits} that is not 0. */
  private long[] summary = new long[1];

  /** All of the summary before it is 0. */
  private int lowest = 1;

  /**
   * From now on records below {@code end} may be added: adding takes no memory, so that giving back
   * never fails.
   */
  void reach(int end) {
    int words = (end >>> SHIFT) + 1;
    if (words > bits.length) {
      int length = Math.max(words, bits.length * 2);
      summary = Arrays.copyOf(summary, (length >>> SHIFT) + 1);
      bits = Arrays.copyOf(bits, length);
    }
  }

  /** One more, which is not among them and within {@link #reach}. */
  void add(int record) {
    int word = record >>> SHIFT;
    bits[word] |= 1L << record; // The shift takes the last six bits.
    int above = word >>> SHIFT;
    summary[above] |= 1L << word;
    lowest = Math.min(lowest, above);
  }

  /** Takes the lowest; {@link RecordPool#NONE} if there is none. */
  int take() {
    while (lowest < summary.length && summary[lowest] == 0) {
      lowest++;
    }
    if (lowest >= summary.length) {
      return RecordPool.NONE;
    }
    int word = (lowest << SHIFT) + Long.numberOfTrailingZeros(summary[lowest]);
    int record = (word << SHIFT) + Long.numberOfTrailingZeros(bits[word]);
    bits[word] &= bits[word] - 1;
    if (bits[word] == 0) {
      summary[lowest] &= summary[lowest] - 1;
    }
    return record;
  }
}
