package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.FsException;

/**
 * What of inodes lies on the heap after all, by numbers that fit an inode's record, 0 being none:
 * {@link DirectoryContent}, {@link NodeXattrs} and the bytes of symbolic links, which most inodes
 * have none of. Safe for any number of threads.
 */
final class NodeObjects {
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE_OBJECTS = 1 << PAGE_SHIFT;

  /** Of an object of a few fields, and of its place here. */
  private static final int HEAP_BYTES = 192;

  private final MemorySpace space;

  /** Replaced by a longer copy, under this object's monitor. */
  private volatile Page[] pages = new Page[0];

  private int[] free = new int[PAGE_OBJECTS];
  private int freeCount;
  private int end = 1;

  NodeObjects(MemorySpace space) {
    this.space = space;
  }

  /** The objects of a range of numbers. */
  private static final class Page {
    final AtomicReferenceArray<@Nullable Object> objects = new AtomicReferenceArray<>(PAGE_OBJECTS);
  }

  /**
   * A number for the object.
   *
   * @throws FsException ENOSPC if such objects have taken their part of the heap
   */
  int add(Object object) throws FsException {
    space.takeHeap(heapBytes(object));
    int number = takeNumber();
    pages[number >>> PAGE_SHIFT].objects.set(number & (PAGE_OBJECTS - 1), object);
    return number;
  }

  /** Null if the number is 0 or nobody's any more. */
  @Nullable Object get(int number) {
    return number == 0
        ? null
        : pages[number >>> PAGE_SHIFT].objects.get(number & (PAGE_OBJECTS - 1));
  }

  /** The number, unless it is 0, may go to another. */
  void remove(int number) {
    if (number == 0) {
      return;
    }
    Object removed =
        pages[number >>> PAGE_SHIFT].objects.getAndSet(number & (PAGE_OBJECTS - 1), null);
    if (removed == null) {
      throw new IllegalStateException("no object " + number);
    }
    space.releaseHeap(heapBytes(removed));
    giveBackNumber(number);
  }

  private static long heapBytes(Object object) {
    return HEAP_BYTES
        + (object instanceof byte[] target ? target.length : 0)
        + (object instanceof NodeXattrs xattrs ? xattrs.heapBytes() : 0);
  }

  private synchronized int takeNumber() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (end >>> PAGE_SHIFT >= pages.length) {
      Page[] longer = Arrays.copyOf(pages, pages.length + 1);
      longer[pages.length] = new Page();
      pages = longer;
    }
    return end++;
  }

  private synchronized void giveBackNumber(int number) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = number;
  }
}
