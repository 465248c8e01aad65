package org.telosfs.persistence.pack;

import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/**
 * A reference that leads nowhere.
 *
 * @param referrer the object that has it
 * @param transaction since when
 * @param target what does not exist, or was deleted
 */
public record DanglingReference(ObjectId referrer, TransactionId transaction, ObjectId target) {

  @Override
  public String toString() {
    return "object "
        + referrer
        + " of transaction "
        + transaction
        + " refers to "
        + target
        + ", which does not exist";
  }
}
