package org.telosfs.block.volume;

/** What a transaction is for; decides what it meets when the volume is full. */
public enum Purpose {
  /** Adds something: is refused when only the reserve for metadata is left. */
  GROW,

  /**
   * Gives space back (unlink, truncate, rename over a file), or writes data whose space was
   * reserved when it was accepted: may use the reserve.
   */
  RELEASE
}
