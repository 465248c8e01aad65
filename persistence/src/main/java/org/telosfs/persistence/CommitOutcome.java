package org.telosfs.persistence;

import java.util.List;

/**
 * How a commit ended; a conflict is expected and therefore a value. A failure of the medium is
 * thrown.
 */
public sealed interface CommitOutcome {

  /**
   * Durable, and seen by every snapshot from now on; {@link TransactionId#NONE} if there was
   * nothing to commit.
   */
  record Committed(TransactionId id) implements CommitOutcome {}

  /**
   * Nothing was written: others have changed these objects since the transaction began. The way on
   * is a new transaction.
   *
   * @param objects the objects in the way, in ascending order
   */
  record Conflicted(List<ObjectId> objects) implements CommitOutcome {
    public Conflicted {
      objects = List.copyOf(objects);
    }
  }

  /** The transaction's id, for clients that take a conflict for a fault of their own. */
  default TransactionId orThrow() {
    if (this instanceof Committed committed) {
      return committed.id();
    }
    throw new IllegalStateException("the transaction met a conflict: " + this);
  }
}
