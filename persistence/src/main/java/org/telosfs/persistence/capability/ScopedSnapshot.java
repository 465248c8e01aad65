package org.telosfs.persistence.capability;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.index.IdSet;

/** A state of which only what is in scope exists. */
final class ScopedSnapshot implements StoreSnapshot {
  private final StoreSnapshot snapshot;
  private final Scope scope;

  ScopedSnapshot(StoreSnapshot snapshot, Scope scope) {
    this.snapshot = snapshot;
    this.scope = scope;
  }

  @Override
  public TransactionId transaction() {
    return snapshot.transaction();
  }

  private List<ObjectId> within(Collection<ObjectId> ids) throws IOException {
    IdSet reached = scope.reached(snapshot);
    return ids.stream().filter(id -> reached.contains(id)).toList();
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    Map<ObjectId, Revision> found = new LinkedHashMap<>(snapshot.get(within(ids)));
    if (ids.contains(ObjectId.ROOTS)) {
      TransactionId changed =
          snapshot
              .changedBy(List.of(ObjectId.ROOTS))
              .getOrDefault(ObjectId.ROOTS, TransactionId.NONE);
      SortedMap<String, ObjectId> visible = roots();
      if (!visible.isEmpty()) {
        found.put(ObjectId.ROOTS, ScopedStore.roots(visible, changed));
      }
    }
    return found;
  }

  @Override
  public Map<ObjectId, TransactionId> changedBy(Collection<ObjectId> ids) throws IOException {
    return snapshot.changedBy(within(ids));
  }

  @Override
  public List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit) throws IOException {
    IdSet reached = scope.reached(snapshot);
    return snapshot.ids(first, id -> reached.contains(id) && accepted.test(id), limit);
  }

  @Override
  public Optional<BlobReader> openBlob(ObjectId id) throws IOException {
    return within(List.of(id)).isEmpty() ? Optional.empty() : snapshot.openBlob(id);
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    return scope.visible(snapshot.roots());
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
