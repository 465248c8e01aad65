package org.telosfs.persistence.isolation;

/** Something that snapshot isolation, or a promise of the store, forbids. */
public record Anomaly(Kind kind, String what) {

  /** The classes of Adya's thesis, where they have a name there, and the store's own promises. */
  public enum Kind {
    /** G0: transactions overwrite each other in a circle. */
    WRITE_CYCLE,
    /** G1a: what was read, or is stored, is of a transaction that did not commit. */
    ABORTED_READ,
    /** G1b: what was read is not what its transaction left in the end. */
    INTERMEDIATE_READ,
    /** G1c: information flows in a circle. */
    CIRCULAR_INFORMATION_FLOW,
    /** G-single: what was read is of no one state. */
    READ_SKEW,
    /** Two transactions changed the same version of an object, and both committed. */
    LOST_UPDATE,
    /** A commit was acknowledged before a transaction began that does not see it. */
    STALE_READ,
    /** What was read is not the newest as of the state the transaction was told it sees. */
    OUTSIDE_SNAPSHOT,
    /** A commit was acknowledged, and is not stored, or not wholly. */
    LOST_COMMIT,
    /** A commit nobody was told of is stored in part. */
    HALF_COMMIT,
    /** What was read or is stored was written by nobody, or is said to be of another one. */
    UNEXPLAINED
  }
}
