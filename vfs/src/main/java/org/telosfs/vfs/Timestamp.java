package org.telosfs.vfs;

import java.time.Instant;

/**
 * A point in time.
 *
 * @param seconds since 1970-01-01T00:00:00Z, may be negative
 * @param nanos 0..999,999,999
 */
public record Timestamp(long seconds, int nanos) implements Comparable<Timestamp> {
  public static final Timestamp EPOCH = new Timestamp(0, 0);

  public Timestamp {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("nanos=" + nanos);
    }
  }

  /** The same point. */
  public static Timestamp of(Instant instant) {
    return new Timestamp(instant.getEpochSecond(), instant.getNano());
  }

  /** The same point. */
  public Instant toInstant() {
    return Instant.ofEpochSecond(seconds, nanos);
  }

  @Override
  public int compareTo(Timestamp other) {
    int bySeconds = Long.compare(seconds, other.seconds);
    return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
  }
}
