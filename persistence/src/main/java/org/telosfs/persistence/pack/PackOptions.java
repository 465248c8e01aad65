package org.telosfs.persistence.pack;

import org.telosfs.persistence.TransactionId;

/**
 * How to pack.
 *
 * @param cutoff every state from the newest transaction that is not newer than this one is kept
 * @param bytesPerSecond read and written at most
 * @param givesWay whether to rest while others commit, so that they keep most of their rate; the
 *     pack then takes up to three times as long
 * @param danglingAllowed whether to go on although a reference leads nowhere
 */
public record PackOptions(
    TransactionId cutoff, long bytesPerSecond, boolean givesWay, boolean danglingAllowed) {

  /** No limit of speed. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  public PackOptions {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("bytesPerSecond=" + bytesPerSecond + " is not positive");
    }
  }

  /** As fast as it goes, and not if a reference leads nowhere. */
  public static PackOptions keepingFrom(TransactionId cutoff) {
    return new PackOptions(cutoff, UNLIMITED, false, false);
  }

  public PackOptions withBytesPerSecond(long bytes) {
    return new PackOptions(cutoff, bytes, givesWay, danglingAllowed);
  }

  public PackOptions givingWay() {
    return new PackOptions(cutoff, bytesPerSecond, true, danglingAllowed);
  }

  public PackOptions withDanglingAllowed() {
    return new PackOptions(cutoff, bytesPerSecond, givesWay, true);
  }
}
