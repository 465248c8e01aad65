package org.telosfs.persistence;

import java.util.List;
import java.util.Optional;

/**
 * A new state for an object, as a transaction takes it.
 *
 * @param references every object the state refers to, so that the store never has to decode a state
 * @param blob large data that the object holds beside its state: one that was finished and is
 *     linked by this transaction, or one of the object's own, which it keeps or gets back. A put
 *     without a blob leaves the object without one
 */
public record ObjectPut(
    ObjectId id, ByteString state, List<ObjectId> references, Optional<Blob> blob) {

  public ObjectPut {
    references = List.copyOf(references);
  }

  /** Without a blob. */
  public ObjectPut(ObjectId id, ByteString state, List<ObjectId> references) {
    this(id, state, references, Optional.empty());
  }

  /** The same with another blob, or without one. */
  public ObjectPut withBlob(Optional<Blob> other) {
    return new ObjectPut(id, state, references, other);
  }
}
