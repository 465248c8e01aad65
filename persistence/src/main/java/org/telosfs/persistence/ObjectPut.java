package org.telosfs.persistence;

import java.util.List;

/**
 * A new state for an object, as a transaction takes it.
 *
 * @param references every object the state refers to, so that the store never has to decode a state
 */
public record ObjectPut(ObjectId id, ByteString state, List<ObjectId> references) {
  public ObjectPut {
    references = List.copyOf(references);
  }
}
