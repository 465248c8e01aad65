package org.telosfs.vfs.memory;

import java.util.Arrays;
import org.telosfs.vfs.FsException;

/**
 * An array of numbers that grows and shrinks at its end by one, outside the heap but for four bytes
 * of sixteen numbers. Guarded by whoever owns it.
 */
final class IntPages {
  private static final int PAGE_SHIFT = 4;
  private static final int PAGE_INTS = 1 << PAGE_SHIFT;

  private final RecordPool records;
  private int[] pages = new int[1];
  private int length;

  /**
   * @param records each takes a page, of {@link IntTree#NODE_BYTES}
   */
  IntPages(RecordPool records) {
    this.records = records;
  }

  int length() {
    return length;
  }

  int get(int index) {
    return records.getInt(pages[index >>> PAGE_SHIFT], offset(index));
  }

  void set(int index, int value) {
    records.putInt(pages[index >>> PAGE_SHIFT], offset(index), value);
  }

  /**
   * One number more, a 0.
   *
   * @throws FsException ENOSPC if there is no memory for it; the length is as it was
   */
  void grow() throws FsException {
    int page = length >>> PAGE_SHIFT;
    if (offset(length) == 0) {
      if (page == pages.length) {
        pages = Arrays.copyOf(pages, page * 2);
      }
      pages[page] = records.take();
    }
    length++;
  }

  /** One number fewer. */
  void shrink() {
    length--;
    set(length, 0); // A record is given back as zeros: so the trees that share the pool take it.
    if (offset(length) == 0) {
      int page = length >>> PAGE_SHIFT;
      records.giveBack(pages[page]);
      if (page > PAGE_INTS && page < pages.length / 4) {
        pages = Arrays.copyOf(pages, page * 2);
      }
    }
  }

  private static int offset(int index) {
    return (index & (PAGE_INTS - 1)) * Integer.BYTES;
  }
}
