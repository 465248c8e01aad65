package org.telosfs.persistence.isolation;

import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/**
 * One transaction as its client saw it. Every value that is ever written is another one, so that a
 * value tells who wrote it.
 *
 * @param name for messages
 * @param beganNanos when the client asked for it, by a clock that all clients share
 * @param endedNanos when the client was told the outcome; {@link Long#MAX_VALUE} if it never was
 * @param base the newest transaction it was told it sees
 * @param reads what it read of others, in order
 * @param writes what it wrote, in order; the last of an object is what it wants to commit
 * @param rolledBack what it wrote and took back before it ended
 * @param id the transaction's id if it committed, else {@link TransactionId#NONE}
 */
public record ObservedTransaction(
    String name,
    long beganNanos,
    long endedNanos,
    TransactionId base,
    List<Access> reads,
    List<Access> writes,
    List<Access> rolledBack,
    Outcome outcome,
    TransactionId id) {

  /** What the client was told. */
  public enum Outcome {
    COMMITTED,
    ABORTED,

    /** Nothing: it is wholly there or not at all. */
    UNKNOWN
  }

  /**
   * One object read or written.
   *
   * @param version the transaction that made what was read, as the store said; {@link
   *     TransactionId#NONE} of what was written
   */
  public record Access(ObjectId object, long value, TransactionId version) {}

  public ObservedTransaction {
    reads = List.copyOf(reads);
    writes = List.copyOf(writes);
    rolledBack = List.copyOf(rolledBack);
  }
}
