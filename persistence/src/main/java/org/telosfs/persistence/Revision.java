package org.telosfs.persistence;

import java.util.List;
import java.util.Optional;

/**
 * What an object was from one transaction on.
 *
 * @param transaction the transaction that made it; {@link TransactionId#NONE} for what a running
 *     transaction has put
 * @param state empty if deleted
 * @param references the objects the state refers to; empty if deleted
 * @param deleted whether the transaction deleted the object
 * @param blob what it holds beside its state; {@link StoreSnapshot#openBlob} reads it
 */
public record Revision(
    ObjectId id,
    TransactionId transaction,
    ByteString state,
    List<ObjectId> references,
    boolean deleted,
    Optional<Blob> blob) {

  public Revision {
    references = List.copyOf(references);
    if (deleted && (state.size() != 0 || !references.isEmpty() || blob.isPresent())) {
      throw new IllegalArgumentException("a deleted revision of " + id + " has no state");
    }
  }

  /** Without a blob. */
  public Revision(
      ObjectId id,
      TransactionId transaction,
      ByteString state,
      List<ObjectId> references,
      boolean deleted) {
    this(id, transaction, state, references, deleted, Optional.empty());
  }

  /** The same as a put, by which an object becomes what it was. */
  public ObjectPut put() {
    return new ObjectPut(id, state, references, blob);
  }

  public static Revision of(ObjectPut put, TransactionId transaction) {
    return new Revision(put.id(), transaction, put.state(), put.references(), false, put.blob());
  }

  public static Revision deletion(ObjectId id, TransactionId transaction) {
    return new Revision(id, transaction, ByteString.EMPTY, List.of(), true);
  }
}
