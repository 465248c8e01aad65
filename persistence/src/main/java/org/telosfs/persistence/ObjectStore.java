package org.telosfs.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A transactional store of objects, in this process or in another.
 *
 * <p>All methods may be called by any thread. On a closed store they throw {@link
 * IllegalStateException}.
 */
public interface ObjectStore extends Closeable {

  /** The newest committed state; close it when done. */
  StoreSnapshot snapshot() throws IOException;

  /**
   * The state after the newest transaction that is committed by now and not newer than {@code id}.
   */
  StoreSnapshot at(TransactionId id) throws IOException;

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
  List<TransactionId> history(ObjectId id) throws IOException;

  /** What exactly that transaction made of the object; empty if it did not change it. */
  Optional<Revision> revision(ObjectId id, TransactionId transaction) throws IOException;

  /** The ids of the transactions in a range: cheap, nothing is read from the medium. */
  List<TransactionId> transactionIds(TransactionRange range) throws IOException;

  /** The transactions in a range, with what they say about themselves. */
  List<CommittedTransaction> transactions(TransactionRange range) throws IOException;

  /**
   * Ids for new objects, in ascending order. What is given out and not committed before the store
   * closes may be given out again after it is opened.
   *
   * @throws StoreException.ReadOnly if the store was opened for reading alone
   */
  List<ObjectId> newIds(int count) throws IOException;

  /** Has the listener told of every commit from now on. */
  Subscription subscribe(CommitListener listener);

  StoreStats stats();
}
