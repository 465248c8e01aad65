package org.telosfs.persistence;

import java.time.InstantSource;
import org.telosfs.persistence.resolve.Resolvers;

/**
 * How a local store works.
 *
 * @param segmentBytes a file of the log takes no further transaction that would make it larger; one
 *     transaction alone may be larger
 * @param maxTransactionBytes no transaction takes more of the log
 * @param clock gives transactions their ids
 * @param resolvers merge what conflicts
 */
public record StoreConfig(
    long segmentBytes, int maxTransactionBytes, InstantSource clock, Resolvers resolvers) {

  public static final StoreConfig DEFAULT =
      new StoreConfig(64L * 1024 * 1024, 256 * 1024 * 1024, InstantSource.system());

  private static final long MIN_SEGMENT_BYTES = 4096;
  private static final long MAX_SEGMENT_BYTES = 1L << 30;
  private static final int MAX_TRANSACTION_BYTES = 1 << 30;

  public StoreConfig {
    if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes="
              + segmentBytes
              + " is not "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_SEGMENT_BYTES);
    }
    if (maxTransactionBytes < MIN_SEGMENT_BYTES || maxTransactionBytes > MAX_TRANSACTION_BYTES) {
      throw new IllegalArgumentException(
          "maxTransactionBytes="
              + maxTransactionBytes
              + " is not "
              + MIN_SEGMENT_BYTES
              + " to "
              + MAX_TRANSACTION_BYTES);
    }
  }

  /** With the resolvers that are built in. */
  public StoreConfig(long segmentBytes, int maxTransactionBytes, InstantSource clock) {
    this(segmentBytes, maxTransactionBytes, clock, Resolvers.BUILT_IN);
  }

  public StoreConfig withSegmentBytes(long bytes) {
    return new StoreConfig(bytes, maxTransactionBytes, clock, resolvers);
  }

  public StoreConfig withClock(InstantSource source) {
    return new StoreConfig(segmentBytes, maxTransactionBytes, source, resolvers);
  }

  public StoreConfig withResolvers(Resolvers others) {
    return new StoreConfig(segmentBytes, maxTransactionBytes, clock, others);
  }
}
