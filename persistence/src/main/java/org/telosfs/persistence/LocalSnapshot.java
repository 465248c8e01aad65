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
  private final SnapshotPins pins;
  private volatile boolean closed;

  LocalSnapshot(ObjectIndex index, LogReader reader, int visible, SnapshotPins pins) {
    this.index = index;
    this.reader = reader;
    this.visible = visible;
    this.transaction = index.transaction(visible);
    this.pins = pins;
    pins.add(this);
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
        revision(id, place.get()).ifPresent(revision -> found.put(id, revision));
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
    pins.remove(this);
  }

  /** Empty if a pack took it away: then nothing that this state can reach refers to it. */
  private Optional<Revision> revision(ObjectId id, ObjectIndex.Place place) throws IOException {
    try {
      return Optional.of(reader.revision(id, place.transaction(), place.position()));
    } catch (StoreException.PackedAway e) {
      return Optional.empty();
    }
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
