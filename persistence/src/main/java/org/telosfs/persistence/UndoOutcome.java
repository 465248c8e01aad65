package org.telosfs.persistence;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** How an undo ended; a refusal is expected and therefore a value. */
public sealed interface UndoOutcome {

  /**
   * A new transaction has taken the others back; {@link TransactionId#NONE} if they had no effect
   * that was left.
   */
  record Undone(TransactionId id) implements UndoOutcome {}

  /**
   * Nothing was written: what the transactions did is no longer as they left it.
   *
   * @param obstacles all that is in the way, in ascending order of objects
   */
  record Refused(List<Obstacle> obstacles) implements UndoOutcome {
    public Refused {
      obstacles = List.copyOf(obstacles);
    }
  }

  /**
   * One object in the way.
   *
   * @param object what was changed later, or deleted later although what would come back refers to
   *     it
   * @param roots the names in question if the object is {@link ObjectId#ROOTS}, else none
   * @param later the newest transaction that changed it and is not undone as well
   */
  record Obstacle(ObjectId object, SortedSet<String> roots, TransactionId later) {
    public Obstacle {
      roots = Collections.unmodifiableSortedSet(new TreeSet<>(roots));
    }

    @Override
    public String toString() {
      String what = roots.isEmpty() ? "object " + object : "roots " + roots;
      return what + ", changed by transaction " + later;
    }
  }

  /** The new transaction's id, for clients that take a refusal for a fault of their own. */
  default TransactionId orThrow() {
    if (this instanceof Undone undone) {
      return undone.id();
    }
    throw new IllegalStateException("the undo was refused: " + this);
  }
}
