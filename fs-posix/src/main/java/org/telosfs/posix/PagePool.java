package org.telosfs.posix;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Buffers of waiting pages for the next ones. Pages live about as long as an epoch, which is just
 * long enough for the collector to copy each of them twice. Safe for threads.
 */
final class PagePool {
  private final BlockingQueue<byte[]> free;

  /**
   * @param bytes how much it keeps; what is beyond is left to the collector
   */
  PagePool(long bytes) {
    free = new ArrayBlockingQueue<>(Math.toIntExact(bytes / DirtyPages.PAGE_BYTES));
  }

  /** A page of zeros. */
  byte[] takeZeroed() {
    byte[] page = free.poll();
    if (page == null) {
      return new byte[DirtyPages.PAGE_BYTES];
    }
    Arrays.fill(page, (byte) 0);
    return page;
  }

  /** A page that holds anything, for somebody who overwrites all of it. */
  byte[] take() {
    byte[] page = free.poll();
    return page == null ? new byte[DirtyPages.PAGE_BYTES] : page;
  }

  /** Nobody may use the page any more; true if it was kept. */
  boolean giveBack(byte[] page) {
    return free.offer(page);
  }

  /** As {@link #giveBack(byte[])}, of pages by block. */
  void giveBack(Map<Long, byte[]> pages) {
    for (byte[] page : pages.values()) {
      if (!giveBack(page)) {
        return;
      }
    }
  }
}
