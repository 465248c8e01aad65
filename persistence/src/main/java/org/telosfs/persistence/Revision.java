package org.telosfs.persistence;

import java.util.List;

/**
 * What an object was from one transaction on.
 *
 * @param transaction the transaction that made it; {@link TransactionId#NONE} for what a running
 *     transaction has put
 * @param state empty if deleted
 * @param references the objects the state refers to; empty if deleted
 * @param deleted whether the transaction deleted the object
 */
public record Revision(
    ObjectId id,
    TransactionId transaction,
    ByteString state,
    List<ObjectId> references,
    boolean deleted) {

  public Revision {
    references = List.copyOf(references);
    if (deleted && (state.size() != 0 || !references.isEmpty())) {
      throw new IllegalArgumentException("a deleted revision of " + id + " has no state");
    }
  }

  public static Revision of(ObjectPut put, TransactionId transaction) {
    return new Revision(put.id(), transaction, put.state(), put.references(), false);
  }

  public static Revision deletion(ObjectId id, TransactionId transaction) {
    return new Revision(id, transaction, ByteString.EMPTY, List.of(), true);
  }
}
