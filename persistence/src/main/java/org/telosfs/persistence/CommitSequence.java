package org.telosfs.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogTransaction;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentedLog;

/**
 * What a commit does, step by step: conflict check, append, sync, publish, tell. Run by one thread
 * at a time, so it needs no lock; what other threads ask of it is atomic.
 */
final class CommitSequence implements GroupCommit.Steps<CommitRequest> {

  private static final System.Logger LOG = System.getLogger(CommitSequence.class.getName());

  private final VisibleState state;
  private final SegmentedLog log;
  private final StoreConfig config;
  private final StateMerge merge;
  private final Checkpoints checkpoints;
  private final CopyOnWriteArrayList<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();

  private SortedMap<String, ObjectId> roots;
  private TransactionId newest;

  /** Appended, and neither durable nor published. */
  private final List<Pending> pending = new ArrayList<>();

  /**
   * What these made of objects; empty for a deletion. A new one for each group: to clear one costs
   * as much as the largest group that it ever held.
   */
  private Map<ObjectId, Optional<ObjectPut>> pendingObjects = new HashMap<>();

  private record Pending(LoggedTransaction where, TransactionMetadata metadata) {}

  /** Is told after each group, when nothing is pending. */
  interface Checkpoints {
    void published();
  }

  CommitSequence(
      VisibleState state,
      SegmentedLog log,
      StoreConfig config,
      SortedMap<String, ObjectId> roots,
      TransactionId newest,
      Checkpoints checkpoints) {
    this.state = state;
    this.log = log;
    this.config = config;
    this.merge = new StateMerge(config.resolvers());
    this.roots = roots;
    this.checkpoints = checkpoints;
    this.newest = newest;
  }

  Subscription subscribe(CommitListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  long commits() {
    return commits.get();
  }

  long syncs() {
    return syncs.get();
  }

  @Override
  public CommitOutcome append(CommitRequest request) throws IOException {
    SortedMap<ObjectId, Optional<ObjectPut>> merged = new TreeMap<>();
    List<ObjectId> conflicts = conflicts(request, merged);
    if (!conflicts.isEmpty()) {
      return new CommitOutcome.Conflicted(conflicts);
    }
    if (request.changes().isEmpty() && request.rootChanges().isEmpty()) {
      return new CommitOutcome.Committed(TransactionId.NONE);
    }
    SortedMap<String, ObjectId> newRoots = RootsState.changed(roots, request.rootChanges());
    SortedMap<ObjectId, Optional<ObjectPut>> changes = request.changes();
    if (!merged.isEmpty()) {
      changes = new TreeMap<>(changes);
      changes.putAll(merged);
    }
    TransactionId id = newest.next(config.clock().instant());
    BlobStore.Linking linking = state.blobs().linking(id);
    LoggedTransaction where;
    try {
      changes = linked(changes, linking);
      linking.sync();
      where = log.append(transaction(id, request, changes, newRoots));
    } catch (StoreException.NotCommitted e) {
      linking.takeBack();
      throw e;
    }
    linking.done();
    roots = newRoots;
    newest = id;
    pending.add(new Pending(where, request.metadata()));
    pendingObjects.putAll(changes);
    return new CommitOutcome.Committed(id, List.copyOf(merged.keySet()));
  }

  @Override
  public void sync() throws IOException {
    if (!pending.isEmpty()) {
      log.sync();
      syncs.incrementAndGet();
    }
  }

  @Override
  public void publish() {
    List<Pending> durable = List.copyOf(pending);
    pending.clear();
    pendingObjects = new HashMap<>();
    durable.forEach(transaction -> state.index().publish(transaction.where()));
    commits.addAndGet(durable.size());
    for (Pending transaction : durable) {
      tell(committed(transaction.where(), transaction.metadata()));
    }
    if (!durable.isEmpty()) {
      checkpoints.published();
    }
  }

  static CommittedTransaction committed(LoggedTransaction where, TransactionMetadata metadata) {
    return new CommittedTransaction(
        where.id(),
        metadata,
        where.changes().stream().map(LoggedTransaction.Change::object).sorted().toList());
  }

  /** What is in the way; what was changed and could be merged goes to where that is collected. */
  private List<ObjectId> conflicts(
      CommitRequest request, Map<ObjectId, Optional<ObjectPut>> merged) {
    Set<ObjectId> found = new TreeSet<>();
    int base = state.index().transactionsUpTo(request.base());
    for (Map.Entry<ObjectId, Optional<ObjectPut>> change : request.changes().entrySet()) {
      ObjectId id = change.getKey();
      if (changed(id, base)) {
        Optional<ObjectPut> both = change.getValue().flatMap(own -> merge(id, base, own));
        if (both.isEmpty()) {
          found.add(id);
        } else {
          merged.put(id, both);
        }
      }
      change.getValue().ifPresent(put -> addTakenAway(put.references(), found));
    }
    for (ObjectId id : request.current()) {
      if (changed(id, base)) {
        found.add(id);
      }
    }
    for (Map.Entry<String, Optional<ObjectId>> change : request.rootChanges().entrySet()) {
      String name = change.getKey();
      if (!Objects.equals(roots.get(name), request.baseRoots().get(name))) {
        found.add(ObjectId.ROOTS);
      }
      change.getValue().ifPresent(target -> addTakenAway(List.of(target), found));
    }
    return List.copyOf(found);
  }

  private boolean changed(ObjectId id, int base) {
    return pendingObjects.containsKey(id)
        || state.index().changedSince(id, base)
        || state.tookAway(id);
  }

  /** What nobody could reach, and a pack took away, is not linked again. */
  private void addTakenAway(List<ObjectId> references, Set<ObjectId> found) {
    for (ObjectId reference : references) {
      if (state.tookAway(reference)) {
        found.add(reference);
      }
    }
  }

  /** Merges with what others have made of the object since, durable or not. */
  private Optional<ObjectPut> merge(ObjectId id, int base, ObjectPut own) {
    try {
      Optional<ObjectPut> was = published(id, base);
      Optional<ObjectPut> committed = newest(id);
      return was.isEmpty() || committed.isEmpty()
          ? Optional.empty()
          : merge.merge(
              was.get(), committed.get(), own, other -> newest(other).map(ObjectPut::state));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a state of " + id + " cannot be merged", e);
      return Optional.empty();
    }
  }

  private Optional<ObjectPut> newest(ObjectId id) throws IOException {
    Optional<ObjectPut> appended = pendingObjects.get(id);
    return appended == null ? published(id, state.index().transactionCount()) : appended;
  }

  private Optional<ObjectPut> published(ObjectId id, int visible) throws IOException {
    Optional<ObjectIndex.Place> place =
        state.index().find(id, visible).filter(found -> !found.deleted());
    return place.isEmpty()
        ? Optional.empty()
        : Optional.of(
            state.reader().revision(id, place.get().transaction(), place.get().position()).put());
  }

  /** The changes with blobs that have lasting names. */
  private static SortedMap<ObjectId, Optional<ObjectPut>> linked(
      SortedMap<ObjectId, Optional<ObjectPut>> changes, BlobStore.Linking linking)
      throws StoreException {
    SortedMap<ObjectId, Optional<ObjectPut>> linked = changes;
    for (Map.Entry<ObjectId, Optional<ObjectPut>> change : changes.entrySet()) {
      Optional<Blob> blob = change.getValue().flatMap(ObjectPut::blob);
      if (blob.isPresent()) {
        linked = linked == changes ? new TreeMap<>(changes) : linked;
        Blob named = linking.link(change.getKey(), blob.get());
        linked.put(change.getKey(), change.getValue().map(put -> put.withBlob(Optional.of(named))));
      }
    }
    return linked;
  }

  private LogTransaction transaction(
      TransactionId id,
      CommitRequest request,
      SortedMap<ObjectId, Optional<ObjectPut>> changes,
      SortedMap<String, ObjectId> newRoots)
      throws StoreException {
    List<ObjectPut> puts = new ArrayList<>();
    List<ObjectId> deletes = new ArrayList<>();
    if (!request.rootChanges().isEmpty()) {
      puts.add(RootsState.encode(newRoots));
    }
    changes.forEach((object, put) -> put.ifPresentOrElse(puts::add, () -> deletes.add(object)));
    LogTransaction transaction = new LogTransaction(id, request.metadata(), puts, deletes);
    long size = SegmentedLog.sizeBytes(transaction);
    if (size > config.maxTransactionBytes()) {
      throw new StoreException.NotCommitted(
          "a transaction of "
              + size
              + " bytes is larger than the "
              + config.maxTransactionBytes()
              + " the store takes",
          null);
    }
    return transaction;
  }

  private void tell(CommittedTransaction transaction) {
    for (CommitListener listener : listeners) {
      try {
        listener.committed(transaction);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "a commit listener failed for transaction " + transaction.id(),
            e);
      }
    }
  }
}
