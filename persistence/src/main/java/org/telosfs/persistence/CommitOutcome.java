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
   *
   * @param merged the objects whose committed state is not the one that was put, since a resolver
   *     merged it with that of a transaction that came first; in ascending order
   */
  record Committed(TransactionId id, List<ObjectId> merged) implements CommitOutcome {
    public Committed {
      merged = List.copyOf(merged);
    }

    /** All as it was put. */
    public Committed(TransactionId id) {
      this(id, List.of());
    }
  }

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
