package org.telosfs.persistence;

import java.time.Instant;

/**
 * Identity and place in time of a transaction: nanoseconds since 1970-01-01T00:00:00Z, and strictly
 * greater than that of the transaction before, even when the clock was set back. Its text is 16
 * lower-case hexadecimal digits, so that texts sort as the transactions do; {@link #time} is for
 * people.
 */
public record TransactionId(long epochNanos) implements Comparable<TransactionId> {

  /** No transaction: older than the first, and the id of what is not committed yet. */
  public static final TransactionId NONE = new TransactionId(0);

  /** Newer than every transaction. */
  public static final TransactionId MAX = new TransactionId(Long.MAX_VALUE);

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  public TransactionId {
    if (epochNanos < 0) {
      throw new IllegalArgumentException("a transaction id is not negative: " + epochNanos);
    }
  }

  /**
   * The id that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static TransactionId parse(String text) {
    return new TransactionId(HexText.parse(text, "transaction id"));
  }

  /**
   * The greatest id of that instant or before; instants out of range become {@link #NONE} or {@link
   * #MAX}.
   */
  public static TransactionId at(Instant time) {
    if (time.isBefore(Instant.EPOCH)) {
      return NONE;
    }
    if (time.isAfter(MAX.time())) {
      return MAX;
    }
    return new TransactionId(time.getEpochSecond() * NANOS_PER_SECOND + time.getNano());
  }

  /** The id right before this one; {@link #NONE} has none before and is its own. */
  public TransactionId previous() {
    return epochNanos == 0 ? NONE : new TransactionId(epochNanos - 1);
  }

  /** The id right behind this one; {@link #MAX} has none behind and is its own. */
  public TransactionId next() {
    return epochNanos == Long.MAX_VALUE ? MAX : new TransactionId(epochNanos + 1);
  }

  /** The id of a transaction that commits now, after this one. */
  public TransactionId next(Instant now) {
    if (epochNanos == Long.MAX_VALUE) {
      throw new IllegalStateException("there is no transaction id after " + this);
    }
    return new TransactionId(Math.max(epochNanos + 1, at(now).epochNanos));
  }

  /** When it was committed, as far as the clock was right. */
  public Instant time() {
    return Instant.ofEpochSecond(epochNanos / NANOS_PER_SECOND, epochNanos % NANOS_PER_SECOND);
  }

  @Override
  public int compareTo(TransactionId other) {
    return Long.compare(epochNanos, other.epochNanos);
  }

  @Override
  public String toString() {
    return HexText.of(epochNanos);
  }
}
