package org.telosfs.fuse;

import java.time.Duration;

/**
 * How a session runs.
 *
 * @param maxReaders threads at most, each with two buffers of {@link #maxRequestBytes}
 * @param busyReaders threads that may work at once while nobody waits
 * @param maxRequestBytes largest read and write
 * @param writebackCache take WRITEBACK_CACHE
 * @param invalidationDeadline how long the kernel may take to drop what it caches before it is
 *     given up
 */
public record FuseConfig(
    int maxReaders,
    int busyReaders,
    int maxRequestBytes,
    boolean writebackCache,
    Duration invalidationDeadline) {
  private static final int PAGE_BYTES = 4096;

  public FuseConfig {
    if (busyReaders < 1 || maxReaders < busyReaders) {
      throw new IllegalArgumentException(
          "busyReaders=" + busyReaders + " maxReaders=" + maxReaders);
    }
    if (maxRequestBytes < PAGE_BYTES || maxRequestBytes % PAGE_BYTES != 0) {
      throw new IllegalArgumentException("maxRequestBytes=" + maxRequestBytes);
    }
  }

  /** What measured well. */
  public static FuseConfig defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new FuseConfig(32, Math.max(1, processors / 2), 1 << 20, false, Duration.ofSeconds(10));
  }

  /** The same with or without WRITEBACK_CACHE. */
  public FuseConfig withWritebackCache(boolean value) {
    return new FuseConfig(maxReaders, busyReaders, maxRequestBytes, value, invalidationDeadline);
  }

  int maxPages() {
    return maxRequestBytes / PAGE_BYTES;
  }
}
