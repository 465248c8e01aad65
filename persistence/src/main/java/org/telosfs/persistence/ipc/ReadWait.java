package org.telosfs.persistence.ipc;

/**
 * Decides whether a reader that finds no bytes looks again or sleeps. To be woken costs more than
 * most requests, and a peer in conversation sends its next frame a few microseconds after the last
 * one. So a reader looks again for {@link #LOOKING_NANOS}, but only where the last waits were that
 * short: a connection that is idle, or waits for the medium, costs nothing.
 *
 * <p>Used by one thread at a time.
 */
final class ReadWait {
  /** For how long it is worth to look. */
  static final long LOOKING_NANOS = 40_000;

  /** A sleep this short, being woken included, would not have been needed. */
  static final long SHORT_SLEEP_NANOS = 2 * LOOKING_NANOS;

  /** How many waits in a row must have been short before looking begins. */
  static final int CONVINCING = 4;

  private static final int MOST_TRUST = 8;

  private final boolean useful;

  /** Grows with each short wait, shrinks with each other one. */
  private int trust;

  private long sinceNanos;
  private boolean slept;

  /** With one processor the peer could not go on while we look. */
  ReadWait(int processors) {
    this.useful = processors > 1;
  }

  void begin(long nanos) {
    sinceNanos = nanos;
    slept = false;
  }

  /** There is still nothing: true to look again, false to sleep. */
  boolean mayLookAgain(long nanos) {
    boolean look = useful && trust >= CONVINCING && nanos - sinceNanos < LOOKING_NANOS;
    slept |= !look;
    return look;
  }

  /** There is something. */
  void end(long nanos) {
    boolean brief = nanos - sinceNanos < (slept ? SHORT_SLEEP_NANOS : LOOKING_NANOS);
    trust = brief ? Math.min(trust + 1, MOST_TRUST) : Math.max(trust - 1, 0);
  }
}
