package org.telosfs.persistence;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Changes that happen together or not at all, on one snapshot. Used by one thread at a time. After
 * {@link #commit} or {@link #abort} every method but {@link #close} throws {@link
 * IllegalStateException}.
 */
public interface StoreTransaction extends AutoCloseable {

  /** The newest transaction this one sees. */
  TransactionId base();

  /**
   * The objects as this transaction sees them, its own changes included (their {@link
   * Revision#transaction} is {@link TransactionId#NONE}); those that do not exist are left out.
   */
  Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException;

  /** One object; where several are wanted, the batch is cheaper. */
  default Optional<Revision> get(ObjectId id) throws IOException {
    return Optional.ofNullable(get(List.of(id)).get(id));
  }

  /**
   * Creates or replaces objects. The commit meets a conflict if another transaction changes one of
   * them first.
   *
   * @throws IllegalArgumentException for {@link ObjectId#ROOTS}, for an id that the store has not
   *     given out, and for a blob that was not finished in this store or has another object
   * @throws StateTooLargeException for a state that is larger than the store takes
   */
  void put(Collection<ObjectPut> puts);

  default void put(ObjectPut put) {
    put(List.of(put));
  }

  /**
   * Deletes objects; those that do not exist are ignored. The commit meets a conflict if another
   * transaction changes one of them first.
   *
   * @throws IllegalArgumentException for {@link ObjectId#ROOTS}
   */
  void delete(Collection<ObjectId> ids) throws IOException;

  default void delete(ObjectId id) throws IOException {
    delete(List.of(id));
  }

  /** The named objects as this transaction sees them. */
  SortedMap<String, ObjectId> roots() throws IOException;

  /**
   * Gives an object a name. Two transactions conflict here only if they change the same name.
   *
   * @throws IllegalArgumentException if the name is empty or longer than a slot's name may be
   */
  void setRoot(String name, ObjectId id);

  /** Takes a name away; none of that name is ignored. */
  void removeRoot(String name);

  /**
   * Asks that the commit meet a conflict if another transaction changes one of these objects first,
   * although this one only read them: the guard against write skew.
   */
  void readCurrent(Collection<ObjectId> ids);

  /** A place to go back to: see {@link Savepoint#rollback}. Any number may be made. */
  Savepoint savepoint();

  /**
   * Makes the changes exist. When this returns {@link CommitOutcome.Committed} they are durable,
   * and every listener has been told.
   *
   * @throws StoreException.NotCommitted if the medium refused them, as when it is full: nothing was
   *     changed, and the store can still be written
   * @throws StoreException.WritingEnded if a sync failed: whether the transaction exists shows when
   *     the store is opened again
   */
  CommitOutcome commit(TransactionMetadata metadata) throws IOException;

  /**
   * As {@link #commit}, for who does not wait. The future ends, with the outcome or with what
   * {@link #commit} throws, in the thread that commits: what depends on it must be quick and wait
   * for nothing.
   *
   * @param mayCommit whether this thread, too, may be the one that commits, if none does: then it
   *     waits, and is not woken by another
   */
  default CompletableFuture<CommitOutcome> commitLater(
      TransactionMetadata metadata, boolean mayCommit) {
    try {
      return CompletableFuture.completedFuture(commit(metadata));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Forgets the changes. */
  void abort();

  /** Aborts if neither committed nor aborted. */
  @Override
  void close();
}
