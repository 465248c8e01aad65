package org.telosfs.persistence.capability;

/** What a holder may do at all. Bits are in tokens: never renumber. */
public enum Right {
  /** See objects, history and transactions. */
  READ(1),
  /** Commit, and take new ids. Who may not read as well sees nothing of what is there. */
  WRITE(2),
  /** Have old revisions and unreachable objects removed. */
  PACK(4),
  /** See figures of the whole store. */
  ADMIN(8);

  private final int bit;

  Right(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
