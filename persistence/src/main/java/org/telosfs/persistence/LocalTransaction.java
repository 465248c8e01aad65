package org.telosfs.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.telosfs.persistence.blob.BlobStore;

/** A transaction's changes in memory until it commits. */
final class LocalTransaction implements StoreTransaction {

  private static final System.Logger LOG = System.getLogger(LocalTransaction.class.getName());
  private static final CommitOutcome NOTHING_TO_COMMIT =
      new CommitOutcome.Committed(TransactionId.NONE);

  private final LocalSnapshot snapshot;
  private final GroupCommit<CommitRequest> commits;

  private final BlobStore blobs;

  /** Which ids the store has given out. */
  private final LongPredicate givenOut;

  private final ChangeSet changes = new ChangeSet();
  private final Set<ObjectId> current = new HashSet<>();
  private boolean finished;

  LocalTransaction(
      LocalSnapshot snapshot,
      GroupCommit<CommitRequest> commits,
      BlobStore blobs,
      LongPredicate givenOut) {
    this.snapshot = snapshot;
    this.commits = commits;
    this.blobs = blobs;
    this.givenOut = givenOut;
  }

  @Override
  public TransactionId base() {
    return snapshot.transaction();
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    requireRunning();
    List<ObjectId> unchanged = new ArrayList<>();
    for (ObjectId id : ids) {
      if (!changes.objects().containsKey(id)) {
        unchanged.add(id);
      }
    }
    Map<ObjectId, Revision> found = new LinkedHashMap<>(snapshot.get(unchanged));
    for (ObjectId id : ids) {
      Optional<ObjectPut> own = changes.objects().getOrDefault(id, Optional.empty());
      own.ifPresent(put -> found.put(id, Revision.of(put, TransactionId.NONE)));
    }
    if (!changes.roots().isEmpty() && ids.contains(ObjectId.ROOTS)) {
      found.put(ObjectId.ROOTS, Revision.of(RootsState.encode(roots()), TransactionId.NONE));
    }
    return found;
  }

  @Override
  public void put(Collection<ObjectPut> puts) {
    requireRunning();
    for (ObjectPut put : puts) {
      requireOrdinary(put.id());
      if (!givenOut.test(put.id().value())) {
        throw new IllegalArgumentException("the store has not given out id " + put.id());
      }
      if (put.state().size() > StateTooLargeException.MAX_STATE_BYTES) {
        throw new StateTooLargeException(put.id(), put.state().size());
      }
      if (put.state().size() > StateTooLargeException.LARGE_STATE_BYTES) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the state of object {0} has {1} bytes, which are read and written as a whole each"
                + " time; a blob would hold them better (ObjectStore.newBlob)",
            put.id(),
            put.state().size());
      }
      requireOwnBlob(put);
    }
    puts.forEach(changes::put);
  }

  @Override
  public void delete(Collection<ObjectId> ids) {
    requireRunning();
    ids.forEach(LocalTransaction::requireOrdinary);
    Set<ObjectId> existing = snapshot.changedBy(ids).keySet();
    for (ObjectId id : ids) {
      if (existing.contains(id)) {
        changes.delete(id);
      } else {
        changes.forget(id);
      }
    }
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    requireRunning();
    return RootsState.changed(snapshot.roots(), changes.roots());
  }

  @Override
  public void setRoot(String name, ObjectId id) {
    requireRunning();
    RootsState.requireName(name);
    changes.root(name, Optional.of(id));
  }

  @Override
  public void removeRoot(String name) {
    requireRunning();
    changes.root(name, Optional.empty());
  }

  @Override
  public void readCurrent(Collection<ObjectId> ids) {
    requireRunning();
    current.addAll(ids);
  }

  @Override
  public Savepoint savepoint() {
    requireRunning();
    ChangeSet.Mark mark = changes.mark();
    return () -> {
      requireRunning();
      changes.backTo(mark);
    };
  }

  @Override
  public CommitOutcome commit(TransactionMetadata metadata) throws IOException {
    CommitRequest request = end(metadata);
    return request.isEmpty() ? NOTHING_TO_COMMIT : commits.submit(request);
  }

  @Override
  public CompletableFuture<CommitOutcome> commitLater(
      TransactionMetadata metadata, boolean mayCommit) {
    try {
      CommitRequest request = end(metadata);
      return request.isEmpty()
          ? CompletableFuture.completedFuture(NOTHING_TO_COMMIT)
          : commits.submitLater(request, mayCommit);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Ends the transaction; what there is to commit. */
  private CommitRequest end(TransactionMetadata metadata) throws IOException {
    requireRunning();
    SortedMap<String, Optional<ObjectId>> rootChanges = new TreeMap<>(changes.roots());
    Map<String, ObjectId> baseRoots = rootChanges.isEmpty() ? Map.of() : snapshot.roots();
    rootChanges
        .entrySet()
        .removeIf(
            change ->
                Optional.ofNullable(baseRoots.get(change.getKey())).equals(change.getValue()));
    CommitRequest request =
        new CommitRequest(
            snapshot.transaction(),
            changes.objects(),
            rootChanges,
            baseRoots,
            Set.copyOf(current),
            metadata);
    abort();
    return request;
  }

  @Override
  public void abort() {
    requireRunning();
    close();
  }

  @Override
  public void close() {
    finished = true;
    snapshot.close();
  }

  private void requireRunning() {
    if (finished) {
      throw new IllegalStateException("the transaction has ended");
    }
  }

  private void requireOwnBlob(ObjectPut put) {
    Optional<Blob> unlinked = put.blob().filter(blob -> !blob.linked());
    if (unlinked.isPresent() && !blobs.waits(unlinked.get())) {
      throw new IllegalArgumentException(
          "blob "
              + unlinked.get().id()
              + " was not finished in this store, was linked already, or was thrown away");
    }
  }

  private static void requireOrdinary(ObjectId id) {
    if (id.equals(ObjectId.ROOTS)) {
      throw new IllegalArgumentException("the roots object is changed by setRoot and removeRoot");
    }
  }
}
