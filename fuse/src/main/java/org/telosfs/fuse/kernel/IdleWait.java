package org.telosfs.fuse.kernel;

/**
 * Decides whether a reader that finds no request looks again or sleeps. To be woken costs more than
 * most requests, above all on another processor of a virtual machine, and a client that makes one
 * call after the other sends its next request a few microseconds after the last reply. So a reader
 * looks again for {@link #LOOKING_NANOS}, but only where that has found something lately: a mount
 * that is idle or busy now and then costs nothing.
 *
 * <p>Used by one thread.
 */
final class IdleWait {
  /** For how long it is worth to look. */
  static final long LOOKING_NANOS = 50_000;

  /** A sleep this short, being woken included, would not have been needed. */
  static final long SHORT_SLEEP_NANOS = 2 * LOOKING_NANOS;

  /** How many requests in a row must come soon before looking for the next begins. */
  static final int CONVINCING = 4;

  private static final int MOST_TRUST = 8;
  private static final long BUSY = Long.MIN_VALUE;

  private final boolean useful;

  /** Grows with each request that came soon, shrinks with each that did not: both cost the same. */
  private int trust;

  private long idleSince = BUSY;
  private boolean slept;

  /** With one processor the client could not go on while we look. */
  IdleWait(int processors) {
    this.useful = processors > 1;
  }

  /** There is no request at time {@code nanos}: true to look again, false to sleep. */
  boolean mayLookAgain(long nanos) {
    if (idleSince == BUSY) {
      idleSince = nanos;
      slept = false;
    }
    boolean look = useful && trust >= CONVINCING && nanos - idleSince < LOOKING_NANOS;
    slept |= !look;
    return look;
  }

  /** There is one, after whatever wait. */
  void over(long nanos) {
    if (idleSince == BUSY) {
      return;
    }
    boolean soon = nanos - idleSince < (slept ? SHORT_SLEEP_NANOS : LOOKING_NANOS);
    trust = soon ? Math.min(trust + 1, MOST_TRUST) : Math.max(trust - 1, 0);
    idleSince = BUSY;
  }
}
