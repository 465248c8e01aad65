package org.telosfs.persistence;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.index.IndexSnapshot;
import org.telosfs.persistence.log.LogRecovery;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * What reading a store's whole log found; of the index on disk only how far it goes.
 *
 * @param transactions whole transactions
 * @param revisions revisions in them
 * @param tornBytes bytes behind the last transaction that are none, as a crash leaves them; opening
 *     for writing cuts them
 * @param damages the first damage of each segment; none if all is as it was written
 */
public record StoreCheck(
    long transactions, long revisions, long tornBytes, List<StoreException.Damaged> damages) {
  public StoreCheck {
    damages = List.copyOf(damages);
  }

  /**
   * Reads every byte of a store's log; changes nothing.
   *
   * @throws StoreException if the log cannot even be read in part: not ours, too new, a segment
   *     missing or cut short, or a segment's header damaged
   */
  public static StoreCheck run(StorageDirectory directory) throws IOException {
    Optional<IndexSnapshot> saved = IndexSnapshot.read(directory);
    LogRecovery recovery = LogRecovery.open(directory);
    try {
      StoreOpening.requireAllThatTheIndexKnows(directory, recovery, saved);
      AtomicLong transactions = new AtomicLong();
      AtomicLong revisions = new AtomicLong();
      List<StoreException.Damaged> damages =
          recovery.check(
              transaction -> {
                transactions.incrementAndGet();
                revisions.addAndGet(transaction.changes().size());
              });
      return new StoreCheck(transactions.get(), revisions.get(), recovery.tornBytes(), damages);
    } finally {
      recovery.close();
    }
  }
}
