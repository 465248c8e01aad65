package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.InodeNumber;

/**
 * Nodes by number in pages of consecutive numbers. Numbers are given out in ascending order and
 * each once, so a page fills up, empties and goes; finding a node takes no lock and makes no
 * garbage. Safe for any number of threads.
 */
final class NodePages {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_NODES = 1 << PAGE_SHIFT;

  /** Replaced by a changed copy, under this object's monitor. */
  private volatile @Nullable Page[] pages = new Page[1];

  /** Null if there is none. */
  @Nullable MemoryNode get(InodeNumber number) {
    Page page = pageOf(number);
    return page == null ? null : page.nodes.get(within(number));
  }

  void put(MemoryNode node) {
    Page page = pageOf(node.number);
    if (page == null) {
      page = addPage(indexOf(node.number));
    }
    page.nodes.set(within(node.number), node);
  }

  /** Its number will not be used again. */
  void remove(InodeNumber number) {
    Page page = pageOf(number);
    if (page == null) {
      throw new IllegalStateException("no inode " + number);
    }
    page.nodes.set(within(number), null);
    if (page.removed.incrementAndGet() == PAGE_NODES) {
      dropPage(indexOf(number));
    }
  }

  private @Nullable Page pageOf(InodeNumber number) {
    @Nullable Page[] present = pages;
    long index = indexOf(number);
    return index >= 0 && index < present.length ? present[(int) index] : null;
  }

  private synchronized Page addPage(long index) {
    int at = Math.toIntExact(index);
    Page present = at < pages.length ? pages[at] : null;
    if (present != null) {
      return present;
    }
    Page made = new Page();
    @Nullable Page[] changed = Arrays.copyOf(pages, Math.max(at + 1, pages.length));
    changed[at] = made;
    pages = changed;
    return made;
  }

  private synchronized void dropPage(long index) {
    @Nullable Page[] changed = pages.clone();
    changed[(int) index] = null;
    pages = changed;
  }

  private static long indexOf(InodeNumber number) {
    return number.value() >> PAGE_SHIFT;
  }

  private static int within(InodeNumber number) {
    return (int) number.value() & (PAGE_NODES - 1);
  }

  private static final class Page {
    final AtomicReferenceArray<@Nullable MemoryNode> nodes = new AtomicReferenceArray<>(PAGE_NODES);
    final AtomicInteger removed = new AtomicInteger();
  }
}
