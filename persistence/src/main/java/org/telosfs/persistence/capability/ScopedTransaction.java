package org.telosfs.persistence.capability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.index.IdSet;

/** A transaction that keeps within its capability's scope and quota. */
final class ScopedTransaction implements StoreTransaction {
  private final ScopedStore store;
  private final StoreTransaction transaction;

  /** What is in scope at the base; null for everything. Made when first asked for. */
  private @Nullable IdSet reached;

  private Usage put = Usage.NONE;

  ScopedTransaction(ScopedStore store, StoreTransaction transaction) {
    this.store = store;
    this.transaction = transaction;
  }

  @Override
  public TransactionId base() {
    return transaction.base();
  }

  private boolean within(ObjectId id) throws IOException {
    if (store.scope() == null || store.wasGiven(id)) {
      return true;
    }
    if (reached == null) {
      reached = store.reached(base());
    }
    return reached != null && reached.contains(id);
  }

  private void requireWithin(Collection<ObjectId> ids) throws IOException {
    for (ObjectId id : ids) {
      if (!within(id)) {
        throw store.authority().forbidden("object " + id + " is out of scope");
      }
    }
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    store.authority().require(Right.READ);
    if (store.scope() == null) {
      return transaction.get(ids);
    }
    List<ObjectId> visible = new ArrayList<>();
    for (ObjectId id : ids) {
      if (within(id)) {
        visible.add(id);
      }
    }
    Map<ObjectId, Revision> found = new LinkedHashMap<>(transaction.get(visible));
    if (ids.contains(ObjectId.ROOTS)) {
      SortedMap<String, ObjectId> roots = roots();
      Revision whole = transaction.get(List.of(ObjectId.ROOTS)).get(ObjectId.ROOTS);
      if (whole != null && !roots.isEmpty()) {
        found.put(ObjectId.ROOTS, ScopedStore.roots(roots, whole.transaction()));
      }
    }
    return found;
  }

  /** Something that a capability may refuse, where the interface has no room for a refusal. */
  private interface Checked {
    void run() throws IOException;
  }

  private static void unchecked(Checked check) {
    try {
      check.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(Collection<ObjectPut> puts) {
    if (store.scope() != null) {
      Predicate<ObjectId> within =
          id -> {
            try {
              return within(id);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      unchecked(() -> ScopedStore.requireWithin(puts, within, store.authority()));
    }
    transaction.put(puts);
    long bytes = 0;
    for (ObjectPut each : puts) {
      bytes += each.state().size();
    }
    put = put.plus(new Usage(bytes, puts.size()));
  }

  @Override
  public void delete(Collection<ObjectId> ids) throws IOException {
    requireWithin(ids);
    transaction.delete(ids);
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    store.authority().require(Right.READ);
    Scope scope = store.scope();
    SortedMap<String, ObjectId> roots = transaction.roots();
    return scope == null ? roots : scope.visible(roots);
  }

  private void requireRoot(String name) throws CapabilityRefusedException {
    Scope scope = store.scope();
    if (scope != null && !scope.contains(name)) {
      throw store.authority().forbidden("root '" + name + "' is out of scope");
    }
  }

  @Override
  public void setRoot(String name, ObjectId id) {
    unchecked(
        () -> {
          requireRoot(name);
          requireWithin(List.of(id));
        });
    transaction.setRoot(name, id);
  }

  @Override
  public void removeRoot(String name) {
    unchecked(() -> requireRoot(name));
    transaction.removeRoot(name);
  }

  @Override
  public void readCurrent(Collection<ObjectId> ids) {
    unchecked(() -> requireWithin(ids));
    transaction.readCurrent(ids);
  }

  @Override
  public Savepoint savepoint() {
    Savepoint savepoint = transaction.savepoint();
    Usage then = put;
    return () -> {
      savepoint.rollback();
      put = then;
    };
  }

  @Override
  public CommitOutcome commit(TransactionMetadata metadata) throws IOException {
    reserve();
    try {
      CommitOutcome outcome = transaction.commit(metadata);
      ended(outcome, null);
      return outcome;
    } catch (IOException | RuntimeException e) {
      ended(null, e);
      throw e;
    }
  }

  @Override
  public CompletableFuture<CommitOutcome> commitLater(
      TransactionMetadata metadata, boolean mayCommit) {
    try {
      reserve();
    } catch (CapabilityRefusedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return transaction.commitLater(metadata, mayCommit).whenComplete(this::ended);
  }

  private void reserve() throws CapabilityRefusedException {
    store.authority().require(Right.WRITE);
    store.authority().reserve(put);
  }

  /** Counts what was put, unless it is known that nothing was. */
  private void ended(@Nullable CommitOutcome outcome, @Nullable Throwable failure) {
    if (outcome instanceof CommitOutcome.Committed) {
      if (!put.equals(Usage.NONE)) {
        store.authority().used();
      }
    } else if (!(failure instanceof StoreException.WritingEnded)) {
      store.authority().giveBack(put);
    }
  }

  @Override
  public void abort() {
    transaction.abort();
  }

  @Override
  public void close() {
    transaction.close();
  }
}
