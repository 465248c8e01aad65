package org.telosfs.image;

import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/**
 * An object as a state has it, or as one transaction left it.
 *
 * @param at that transaction; {@link TransactionId#NONE} for the state's own
 */
record ObjectPlace(ObjectId id, TransactionId at) {

  static ObjectPlace live(ObjectId id) {
    return new ObjectPlace(id, TransactionId.NONE);
  }

  boolean isLive() {
    return at.equals(TransactionId.NONE);
  }

  ImageDirectory directory() {
    return isLive() ? new ObjectDirectory(id) : new RevisionDirectory(this);
  }

  /** The object whose changes show here. */
  Optional<ObjectId> watched() {
    return isLive() ? Optional.of(id) : Optional.empty();
  }
}
