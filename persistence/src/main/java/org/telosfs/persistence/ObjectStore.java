package org.telosfs.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A transactional store of objects, in this process or in another.
 *
 * <p>All methods may be called by any thread. On a closed store they throw {@link
 * IllegalStateException}.
 */
public interface ObjectStore extends Closeable {

  /** What {@link #visitTransactions} keeps in memory at a time. */
  int TRANSACTIONS_AT_ONCE = 256;

  /** The newest committed state; close it when done. */
  StoreSnapshot snapshot() throws IOException;

  /**
   * The state after the newest transaction that is committed by now and not newer than {@code id}.
   */
  StoreSnapshot at(TransactionId id) throws IOException;

  /** The state as it was at that time, as far as the clock was right. */
  default StoreSnapshot at(Instant time) throws IOException {
    return at(TransactionId.at(time));
  }

  /**
   * A transaction on the newest committed state.
   *
   * @throws StoreException.ReadOnly if the store was opened for reading alone
   * @throws StoreException.WritingEnded if an earlier failure ended writing
   */
  StoreTransaction begin() throws IOException;

  /**
   * The transactions that changed the object or deleted it, newest first; empty if it never
   * existed. Their states come from {@link #revision}.
   */
  default List<TransactionId> history(ObjectId id) throws IOException {
    return history(id, TransactionRange.newest(Integer.MAX_VALUE));
  }

  /** Those transactions of a range that changed the object or deleted it. */
  List<TransactionId> history(ObjectId id, TransactionRange range) throws IOException;

  /** What exactly that transaction made of the object; empty if it did not change it. */
  Optional<Revision> revision(ObjectId id, TransactionId transaction) throws IOException;

  /** The ids of the transactions in a range: cheap, nothing is read from the medium. */
  List<TransactionId> transactionIds(TransactionRange range) throws IOException;

  /** The transactions in a range, with what they say about themselves. */
  List<CommittedTransaction> transactions(TransactionRange range) throws IOException;

  /**
   * Shows the transactions of a range one after another, in memory for a few of them, however many
   * there are.
   */
  default void visitTransactions(TransactionRange range, TransactionVisitor visitor)
      throws IOException {
    TransactionRange left = range;
    while (left.limit() > 0) {
      List<CommittedTransaction> batch =
          transactions(left.withLimit(Math.min(left.limit(), TRANSACTIONS_AT_ONCE)));
      if (batch.isEmpty()) {
        return;
      }
      for (CommittedTransaction transaction : batch) {
        if (!visitor.visit(transaction)) {
          return;
        }
      }
      left = left.beyond(batch.get(batch.size() - 1).id()).withLimit(left.limit() - batch.size());
    }
  }

  /**
   * Takes back transactions by a new one: what they created is deleted, what they changed or
   * deleted becomes what it was before, roots likewise. It is refused if any of it is no longer as
   * they left it, or if what would come back refers to something that was deleted since. The new
   * transaction can be undone like any other.
   *
   * @throws IllegalArgumentException if one of the transactions does not exist
   * @throws StoreException as {@link #begin} and {@link StoreTransaction#commit}
   */
  UndoOutcome undo(Collection<TransactionId> transactions, TransactionMetadata metadata)
      throws IOException;

  /**
   * Ids for new objects, in ascending order. What is given out and not committed before the store
   * closes may be given out again after it is opened.
   *
   * @throws StoreException.ReadOnly if the store was opened for reading alone
   */
  List<ObjectId> newIds(int count) throws IOException;

  /**
   * Begins a blob, which a transaction can link when it is finished.
   *
   * @throws StoreException.ReadOnly if the store was opened for reading alone
   */
  BlobWriter newBlob() throws IOException;

  /** The blob that the object held once that transaction had changed it; else empty. */
  Optional<BlobReader> openBlob(ObjectId id, TransactionId transaction) throws IOException;

  /** Has the listener told of every commit from now on. */
  Subscription subscribe(CommitListener listener);

  StoreStats stats();
}
