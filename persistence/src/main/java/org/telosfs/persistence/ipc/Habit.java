package org.telosfs.persistence.ipc;

/**
 * What a client mostly does, and is expected to do again; after it did otherwise, it is not for a
 * while. To be right saves a change of threads, to be wrong costs some time and nothing else.
 *
 * <p>Used by the session's thread alone.
 */
final class Habit {
  /** So many times nothing is expected of a client that did otherwise. */
  static final int TIMES_WITHOUT_TRUST = 64;

  private int withoutTrust;

  /** Asked once each time, before it shows. */
  boolean isExpected() {
    if (withoutTrust == 0) {
      return true;
    }
    withoutTrust--;
    return false;
  }

  /** The client did otherwise. */
  void isBroken() {
    withoutTrust = TIMES_WITHOUT_TRUST;
  }
}
