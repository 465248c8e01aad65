package org.telosfs.persistence.ipc;

/**
 * Decides whether a reader that finds no bytes looks again or sleeps. To be woken costs more than
 * most requests, and a peer in conversation sends its next frame soon after the last one. So a
 * reader looks again for a while, but only where the last waits were that short: a connection that
 * is idle costs nothing. It lets others run between two looks, and where somebody did, it sleeps
 * from then on: the processor is needed.
 *
 * <p>Used by one thread at a time.
 */
final class ReadWait {
  /** For how long a server looks, which many may ask. */
  static final long LOOKING_NANOS = 40_000;

  /** To sleep and be woken takes about so long. */
  static final long SLEEP_NANOS = 40_000;

  /** Between two looks somebody else ran. */
  static final long CROWDED_NANOS = 50_000;

  /** How many waits in a row must have been short before looking begins. */
  static final int CONVINCING = 4;

  /** So many more, once the processor was needed by others. */
  static final int DISCOURAGED = 60;

  private static final int MOST_TRUST = 8;

  private final boolean useful;
  private final long lookingNanos;

  /** Grows with each short wait, shrinks with each other one. */
  private int trust;

  private long sinceNanos;
  private long lookedNanos;
  private boolean slept;
  private boolean crowded;

  /** With one processor the peer could not go on while we look. */
  ReadWait(int processors, long lookingNanos) {
    this.useful = processors > 1;
    this.lookingNanos = lookingNanos;
  }

  void begin(long nanos) {
    sinceNanos = nanos;
    lookedNanos = nanos;
    slept = false;
    crowded = false;
  }

  /** There is still nothing: true to look again, false to sleep. */
  boolean mayLookAgain(long nanos) {
    looked(nanos);
    boolean look = useful && trust >= CONVINCING && !crowded && nanos - sinceNanos < lookingNanos;
    slept |= !look;
    return look;
  }

  private void looked(long nanos) {
    crowded |= !slept && nanos - lookedNanos > CROWDED_NANOS;
    lookedNanos = nanos;
  }

  /** There is something. */
  void end(long nanos) {
    looked(nanos);
    boolean brief = nanos - sinceNanos < lookingNanos + (slept ? SLEEP_NANOS : 0);
    if (crowded) {
      trust = -DISCOURAGED;
    } else {
      trust = brief ? Math.min(trust + 1, MOST_TRUST) : trust > 0 ? trust - 1 : trust;
    }
  }
}
