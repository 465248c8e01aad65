package org.telosfs.persistence;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;

/** The state after the first so many transactions of a local store. */
final class LocalSnapshot implements StoreSnapshot {

  private final ObjectIndex index;
  private final LogReader reader;
  private final int visible;
  private final TransactionId transaction;
  private volatile boolean closed;

  LocalSnapshot(ObjectIndex index, LogReader reader, int visible) {
    this.index = index;
    this.reader = reader;
    this.visible = visible;
    this.transaction = index.transaction(visible);
  }

  int visible() {
    return visible;
  }

  @Override
  public TransactionId transaction() {
    return transaction;
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    requireOpen();
    Map<ObjectId, Revision> found = new LinkedHashMap<>();
    for (ObjectId id : ids) {
      Optional<ObjectIndex.Place> place = existing(id);
      if (place.isPresent()) {
        found.put(id, reader.revision(id, place.get().transaction(), place.get().position()));
      }
    }
    return found;
  }

  @Override
  public Map<ObjectId, TransactionId> changedBy(Collection<ObjectId> ids) {
    requireOpen();
    Map<ObjectId, TransactionId> found = new LinkedHashMap<>();
    for (ObjectId id : ids) {
      existing(id).ifPresent(place -> found.put(id, place.transaction()));
    }
    return found;
  }

  @Override
  public List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit) {
    requireOpen();
    return index.ids(first, accepted, limit, visible);
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    return RootsState.decode(get(ObjectId.ROOTS));
  }

  @Override
  public void close() {
    closed = true;
  }

  private Optional<ObjectIndex.Place> existing(ObjectId id) {
    return index.find(id, visible).filter(place -> !place.deleted());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
  }
}
