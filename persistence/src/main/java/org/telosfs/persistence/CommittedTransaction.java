package org.telosfs.persistence;

import java.util.List;

/**
 * A transaction of the past.
 *
 * @param objects what it changed, in ascending order; {@link ObjectId#ROOTS} among them if it
 *     changed a root
 */
public record CommittedTransaction(
    TransactionId id, TransactionMetadata metadata, List<ObjectId> objects) {
  public CommittedTransaction {
    objects = List.copyOf(objects);
  }
}
