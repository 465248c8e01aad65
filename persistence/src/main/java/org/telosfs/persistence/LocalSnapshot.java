package org.telosfs.persistence;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;

/** The state after the first so many transactions of a local store. */
final class LocalSnapshot implements StoreSnapshot {

  private final ObjectIndex index;
  private final LogReader reader;
  private final BlobStore blobs;
  private final int visible;
  private final TransactionId transaction;
  private final SnapshotPins pins;
  private volatile boolean closed;

  LocalSnapshot(
      ObjectIndex index, LogReader reader, BlobStore blobs, int visible, SnapshotPins pins) {
    this.index = index;
    this.reader = reader;
    this.blobs = blobs;
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
    for (ObjectIndex.Place place : index.existing(ids, visible)) {
      revision(place).ifPresent(revision -> found.put(place.object(), revision));
    }
    return found;
  }

  @Override
  public Map<ObjectId, TransactionId> changedBy(Collection<ObjectId> ids) {
    requireOpen();
    Map<ObjectId, TransactionId> found = new LinkedHashMap<>();
    for (ObjectIndex.Place place : index.existing(ids, visible)) {
      found.put(place.object(), place.transaction());
    }
    return found;
  }

  @Override
  public List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit) {
    requireOpen();
    return index.ids(first, accepted, limit, visible);
  }

  @Override
  public Optional<BlobReader> openBlob(ObjectId id) throws IOException {
    Optional<Blob> blob = get(id).flatMap(Revision::blob);
    return blob.isEmpty() ? Optional.empty() : Optional.of(blobs.open(id, blob.get()));
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
  private Optional<Revision> revision(ObjectIndex.Place place) throws IOException {
    try {
      return Optional.of(reader.revision(place.object(), place.transaction(), place.position()));
    } catch (StoreException.PackedAway e) {
      return Optional.empty();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
  }
}
