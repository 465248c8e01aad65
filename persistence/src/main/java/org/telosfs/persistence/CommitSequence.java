package org.telosfs.persistence;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogTransaction;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentedLog;

/**
 * What a commit does, step by step: conflict check, append, sync, publish, tell. Run by the
 * committing thread alone, so it needs no lock; what other threads ask of it is atomic.
 */
final class CommitSequence implements GroupCommit.Steps<CommitRequest> {

  private static final System.Logger LOG = System.getLogger(CommitSequence.class.getName());

  private final ObjectIndex index;
  private final SegmentedLog log;
  private final StoreConfig config;
  private final Checkpoints checkpoints;
  private final CopyOnWriteArrayList<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();

  private SortedMap<String, ObjectId> roots;
  private TransactionId newest;

  /** Appended, and neither durable nor published. */
  private final List<Pending> pending = new ArrayList<>();

  private final Set<ObjectId> pendingObjects = new HashSet<>();

  private record Pending(LoggedTransaction where, TransactionMetadata metadata) {}

  /** Is told after each group, when nothing is pending. */
  interface Checkpoints {
    void published();
  }

  CommitSequence(
      ObjectIndex index,
      SegmentedLog log,
      StoreConfig config,
      SortedMap<String, ObjectId> roots,
      Checkpoints checkpoints) {
    this.index = index;
    this.log = log;
    this.config = config;
    this.roots = roots;
    this.checkpoints = checkpoints;
    this.newest = index.transaction(index.transactionCount());
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
    List<ObjectId> conflicts = conflicts(request);
    if (!conflicts.isEmpty()) {
      return new CommitOutcome.Conflicted(conflicts);
    }
    if (request.changes().isEmpty() && request.rootChanges().isEmpty()) {
      return new CommitOutcome.Committed(TransactionId.NONE);
    }
    SortedMap<String, ObjectId> newRoots = RootsState.changed(roots, request.rootChanges());
    LogTransaction transaction = transaction(request, newRoots);
    LoggedTransaction where = log.append(transaction);
    roots = newRoots;
    newest = transaction.id();
    pending.add(new Pending(where, transaction.metadata()));
    where.changes().forEach(change -> pendingObjects.add(change.object()));
    return new CommitOutcome.Committed(transaction.id());
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
    pendingObjects.clear();
    durable.forEach(transaction -> index.publish(transaction.where()));
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

  private List<ObjectId> conflicts(CommitRequest request) {
    Set<ObjectId> found = new TreeSet<>();
    for (ObjectId id : request.changes().keySet()) {
      if (changed(id, request.base())) {
        found.add(id);
      }
    }
    for (ObjectId id : request.current()) {
      if (changed(id, request.base())) {
        found.add(id);
      }
    }
    for (String name : request.rootChanges().keySet()) {
      if (!Objects.equals(roots.get(name), request.baseRoots().get(name))) {
        found.add(ObjectId.ROOTS);
      }
    }
    return List.copyOf(found);
  }

  private boolean changed(ObjectId id, int base) {
    return pendingObjects.contains(id) || index.changedSince(id, base);
  }

  private LogTransaction transaction(CommitRequest request, SortedMap<String, ObjectId> newRoots)
      throws StoreException {
    List<ObjectPut> puts = new ArrayList<>();
    List<ObjectId> deletes = new ArrayList<>();
    if (!request.rootChanges().isEmpty()) {
      puts.add(RootsState.encode(newRoots));
    }
    request.changes().forEach((id, put) -> put.ifPresentOrElse(puts::add, () -> deletes.add(id)));
    InstantSource clock = config.clock();
    LogTransaction transaction =
        new LogTransaction(newest.next(clock.instant()), request.metadata(), puts, deletes);
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
