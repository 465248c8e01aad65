package org.telosfs.persistence;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.index.IndexSnapshot;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogRecovery;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.pack.PackDecision;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * How a store's index comes to be: from its copy on disk and what the log holds behind it, or from
 * the whole log.
 *
 * @param decision of a pack that is not finished; the index lacks what it takes away
 * @param indexedRevisions how many revisions the copy on disk knows
 */
record StoreOpening(
    LogRecovery recovery,
    ObjectIndex index,
    long indexedRevisions,
    Optional<PackDecision> decision) {

  /** Fewer are read from the log in no time. */
  static final long MIN_INDEXED_REVISIONS = 100_000;

  /**
   * Reads as much of the log as the index on disk does not know; recovery then stands at its end.
   */
  static StoreOpening of(StorageDirectory directory) throws IOException {
    // The index first: beside a writer the log may only be newer than what the index knows.
    Optional<IndexSnapshot> saved = IndexSnapshot.read(directory);
    Optional<PackDecision> decision = PackDecision.read(directory);
    LogRecovery recovery = LogRecovery.open(directory);
    try {
      if (decision.isPresent() && decision.get().logId().equals(recovery.logId())) {
        return of(recovery, decision.get());
      }
      return of(directory, recovery, saved.filter(copy -> copy.logId().equals(recovery.logId())));
    } catch (IOException | RuntimeException e) {
      recovery.close();
      throw e;
    }
  }

  private static StoreOpening of(
      StorageDirectory directory, LogRecovery recovery, Optional<IndexSnapshot> saved)
      throws IOException {
    if (saved.isPresent()) {
      IndexSnapshot copy = saved.get();
      if (matches(copy, recovery)) {
        ObjectIndex index = copy.index();
        int known = index.revisionCount();
        recovery.read(copy.covered(), index.transaction(index.transactionCount()), index::publish);
        return new StoreOpening(recovery, index, known, Optional.empty());
      }
    }
    ObjectIndex index = new ObjectIndex();
    recovery.read(null, TransactionId.NONE, index::publish);
    requireAllThatTheIndexKnows(directory, recovery, saved);
    return new StoreOpening(recovery, index, 0, Optional.empty());
  }

  /** The index on disk may still know what the pack takes away, so the log is read. */
  private static StoreOpening of(LogRecovery recovery, PackDecision decision) throws IOException {
    ObjectIndex index = new ObjectIndex();
    recovery.read(
        null,
        TransactionId.NONE,
        transaction -> decision.left(transaction).ifPresent(index::publish));
    return new StoreOpening(recovery, index, 0, Optional.of(decision));
  }

  /**
   * The index on disk was made of what was durable then, so a log that was read and ends before has
   * lost something.
   *
   * @throws StoreException.Truncated if it does
   */
  static void requireAllThatTheIndexKnows(
      StorageDirectory directory, LogRecovery recovery, Optional<IndexSnapshot> saved)
      throws IOException {
    if (saved.isPresent()) {
      IndexSnapshot copy = saved.get();
      boolean lost =
          !recovery.contains(copy.covered())
              || copy.index()
                  .lastTransaction()
                  .filter(last -> last.id().compareTo(recovery.newest()) > 0)
                  .isPresent();
      if (lost && copy.logId().equals(recovery.logId())) {
        throw new StoreException.Truncated(
            directory.describe()
                + ": the log ends before byte "
                + copy.covered().offsetBytes()
                + " of segment "
                + copy.covered().segment()
                + ", up to where its index knows it; committed transactions are missing. Restore the"
                + " log, or delete the file '"
                + IndexSnapshot.NAME
                + "' to go on without them");
      }
    }
  }

  /**
   * Whether the log at the place up to where the index knows it is the log the index was made of.
   */
  private static boolean matches(IndexSnapshot copy, LogRecovery recovery) throws IOException {
    Optional<LoggedTransaction> last = copy.index().lastTransaction();
    return last.isPresent()
        && recovery.reader().endsAt(copy.covered(), last.get().id(), last.get().commitPosition());
  }
}
