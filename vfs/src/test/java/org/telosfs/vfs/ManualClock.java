package org.telosfs.vfs;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when told, so that tests see which times an operation moves. */
public final class ManualClock implements InstantSource {
  private static final long START_SECONDS = 1_600_000_000L;

  private final AtomicLong seconds = new AtomicLong(START_SECONDS);

  /** Moves on by a second and tells the new time. */
  public Timestamp tick() {
    return new Timestamp(seconds.incrementAndGet(), 0);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(seconds.get());
  }
}
