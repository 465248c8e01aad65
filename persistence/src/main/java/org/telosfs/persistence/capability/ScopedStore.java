package org.telosfs.persistence.capability;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreStats;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.Subscription;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.UndoOutcome;
import org.telosfs.persistence.index.IdSet;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.StateCodec;

/**
 * A store as the holder of a capability sees it. What he may not see does not exist for him; what
 * he may not do is refused with a {@link CapabilityRefusedException}, wrapped in an {@link
 * java.io.UncheckedIOException} where the interface has no room for it.
 *
 * <p>With a scope, history and transactions are shown of what is in scope in the newest state that
 * he may see. Closing it leaves the store open.
 */
public final class ScopedStore implements ObjectStore {
  private final ObjectStore store;
  private final Authority authority;
  private final @Nullable Scope scope;

  /** Ids that this holder was given, which are in scope before anything refers to them. */
  @GuardedBy("given")
  private final IdSet given = new IdSet();

  public ScopedStore(ObjectStore store, Authority authority) {
    this.store = store;
    this.authority = authority;
    List<SortedSet<String>> scopes = authority.scopes();
    this.scope = scopes.isEmpty() ? null : new Scope(store, scopes);
  }

  /** Whether every object may be seen. */
  public boolean isWhole() {
    return scope == null && authority.allows(Right.READ);
  }

  Authority authority() {
    return authority;
  }

  @Nullable Scope scope() {
    return scope;
  }

  boolean wasGiven(ObjectId id) {
    synchronized (given) {
      return given.contains(id);
    }
  }

  @Override
  public StoreSnapshot snapshot() throws IOException {
    authority.require(Right.READ);
    return visible();
  }

  /** The newest state that may be seen. */
  private StoreSnapshot visible() throws IOException {
    Optional<TransactionId> asOf = authority.asOf();
    return scoped(asOf.isPresent() ? store.at(asOf.get()) : store.snapshot());
  }

  @Override
  public StoreSnapshot at(TransactionId id) throws IOException {
    authority.require(Right.READ);
    return scoped(store.at(newest(id)));
  }

  private TransactionId newest(TransactionId id) {
    return authority.asOf().filter(asOf -> asOf.compareTo(id) < 0).orElse(id);
  }

  private StoreSnapshot scoped(StoreSnapshot snapshot) {
    return scope == null ? snapshot : new ScopedSnapshot(snapshot, scope);
  }

  @Override
  public StoreTransaction begin() throws IOException {
    authority.require(Right.WRITE);
    if (authority.asOf().isPresent()) {
      throw authority.forbidden("it shows the state after one transaction, which does not change");
    }
    return new ScopedTransaction(this, store.begin());
  }

  /** What is in scope at a transaction's base; null for everything. */
  @Nullable IdSet reached(TransactionId base) throws IOException {
    if (scope == null) {
      return null;
    }
    try (StoreSnapshot snapshot = store.at(base)) {
      return scope.reached(snapshot);
    }
  }

  private boolean sees(ObjectId id) throws IOException {
    if (scope == null) {
      return true;
    }
    try (StoreSnapshot snapshot = store.at(authority.asOf().orElse(TransactionId.MAX))) {
      return scope.reached(snapshot).contains(id);
    }
  }

  private TransactionRange visible(TransactionRange range) {
    return new TransactionRange(
        range.oldest(), newest(range.newest()), range.order(), range.limit());
  }

  @Override
  public List<TransactionId> history(ObjectId id, TransactionRange range) throws IOException {
    authority.require(Right.READ);
    return sees(id) ? store.history(id, visible(range)) : List.of();
  }

  @Override
  public Optional<Revision> revision(ObjectId id, TransactionId transaction) throws IOException {
    authority.require(Right.READ);
    return newest(transaction).equals(transaction) && sees(id)
        ? store.revision(id, transaction)
        : Optional.empty();
  }

  @Override
  public List<TransactionId> transactionIds(TransactionRange range) throws IOException {
    authority.require(Right.READ);
    return scope == null
        ? store.transactionIds(visible(range))
        : transactions(range).stream().map(CommittedTransaction::id).toList();
  }

  @Override
  public List<CommittedTransaction> transactions(TransactionRange range) throws IOException {
    authority.require(Right.READ);
    if (scope == null) {
      return store.transactions(visible(range));
    }
    List<CommittedTransaction> found = new ArrayList<>();
    if (range.limit() > 0) {
      store.visitTransactions(
          visible(range).withLimit(Integer.MAX_VALUE),
          transaction -> {
            visible(transaction).ifPresent(found::add);
            return found.size() < range.limit();
          });
    }
    return found;
  }

  /** What may be known of a transaction; empty if it changed nothing that may be seen. */
  public Optional<CommittedTransaction> visible(CommittedTransaction transaction)
      throws IOException {
    if (!authority.allows(Right.READ) || !newest(transaction.id()).equals(transaction.id())) {
      return Optional.empty();
    }
    if (scope == null) {
      return Optional.of(transaction);
    }
    IdSet reached;
    try (StoreSnapshot snapshot = store.at(authority.asOf().orElse(TransactionId.MAX))) {
      reached = scope.reached(snapshot);
    }
    List<ObjectId> objects =
        transaction.objects().stream()
            .filter(id -> id.equals(ObjectId.ROOTS) || reached.contains(id))
            .toList();
    return objects.isEmpty()
        ? Optional.empty()
        : Optional.of(new CommittedTransaction(transaction.id(), transaction.metadata(), objects));
  }

  /** Only for a capability without scope and quota: an undo asks neither. */
  @Override
  public UndoOutcome undo(Collection<TransactionId> transactions, TransactionMetadata metadata)
      throws IOException {
    authority.require(Right.READ);
    authority.require(Right.WRITE);
    boolean quota =
        authority.restrictions().stream()
            .anyMatch(part -> part.bytes().isPresent() || part.objects().isPresent());
    if (scope != null || quota || authority.asOf().isPresent()) {
      throw authority.forbidden("an undo takes a capability for the whole store, without a quota");
    }
    return store.undo(transactions, metadata);
  }

  @Override
  public List<ObjectId> newIds(int count) throws IOException {
    authority.require(Right.WRITE);
    List<ObjectId> ids = store.newIds(count);
    if (scope != null) {
      synchronized (given) {
        ids.forEach(id -> given.add(id));
      }
    }
    return ids;
  }

  @Override
  public BlobWriter newBlob() throws IOException {
    authority.require(Right.WRITE);
    return new ScopedBlobWriter(store.newBlob(), authority);
  }

  @Override
  public Optional<BlobReader> openBlob(ObjectId id, TransactionId transaction) throws IOException {
    authority.require(Right.READ);
    return newest(transaction).equals(transaction) && sees(id)
        ? store.openBlob(id, transaction)
        : Optional.empty();
  }

  @Override
  public Subscription subscribe(CommitListener listener) {
    return store.subscribe(
        transaction -> {
          try {
            visible(transaction).ifPresent(listener::committed);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public StoreStats stats() {
    try {
      authority.require(Right.ADMIN);
    } catch (CapabilityRefusedException e) {
      throw new UncheckedIOException(e);
    }
    return store.stats();
  }

  @Override
  public void close() {}

  /** The roots object as it is in scope. */
  static Revision roots(SortedMap<String, ObjectId> visible, TransactionId transaction) {
    ObjectState.Builder state = ObjectState.builder();
    visible.forEach(state::slot);
    return Revision.of(StateCodec.put(ObjectId.ROOTS, state.build()), transaction);
  }

  /** Those of the puts' ids and references that matter to a scope. */
  static void requireWithin(
      Collection<ObjectPut> puts, Predicate<ObjectId> within, Authority authority)
      throws CapabilityRefusedException {
    for (ObjectPut put : puts) {
      if (!within.test(put.id())) {
        throw authority.forbidden("object " + put.id() + " is out of scope");
      }
      for (ObjectId reference : put.references()) {
        if (!within.test(reference)) {
          throw authority.forbidden("object " + reference + " is out of scope");
        }
      }
    }
  }
}
