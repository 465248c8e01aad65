package org.telosfs.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.IndexSnapshot;
import org.telosfs.persistence.log.LogRecovery;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * What reading a store's whole log found; of the index on disk only how far it goes.
 *
 * @param transactions whole transactions
 * @param revisions revisions in them
 * @param tornBytes bytes behind the last transaction that are none, as a crash leaves them; opening
 *     for writing cuts them
 * @param damages the first damage of each segment and of each blob that is linked; none if all is
 *     as it was written
 */
public record StoreCheck(
    long transactions, long revisions, long tornBytes, List<StoreException.Damaged> damages) {
  public StoreCheck {
    damages = List.copyOf(damages);
  }

  /**
   * Reads every byte of a store's log and of the blobs it links; changes nothing.
   *
   * @throws StoreException if the log cannot even be read in part: not ours, too new, a segment
   *     missing or cut short, or a segment's header damaged
   */
  public static StoreCheck run(StorageDirectory directory) throws IOException {
    Optional<IndexSnapshot> saved = IndexSnapshot.read(directory);
    LogRecovery recovery = LogRecovery.open(directory);
    try {
      AtomicLong transactions = new AtomicLong();
      AtomicLong revisions = new AtomicLong();
      Map<ObjectId, Set<Blob>> blobs = new TreeMap<>();
      List<StoreException.Damaged> damages =
          new ArrayList<>(
              recovery.check(
                  transaction -> {
                    transactions.incrementAndGet();
                    revisions.addAndGet(transaction.changes().size());
                    transaction.changes().forEach(change -> collect(change, blobs));
                  }));
      if (damages.isEmpty()) {
        StoreOpening.requireAllThatTheIndexKnows(directory, recovery, saved);
      }
      damages.addAll(check(blobs, new BlobStore(directory)));
      return new StoreCheck(transactions.get(), revisions.get(), recovery.tornBytes(), damages);
    } finally {
      recovery.close();
    }
  }

  private static void collect(LoggedTransaction.Change change, Map<ObjectId, Set<Blob>> into) {
    change
        .blob()
        .ifPresent(blob -> into.computeIfAbsent(change.object(), id -> new HashSet<>()).add(blob));
  }

  private static List<StoreException.Damaged> check(
      Map<ObjectId, Set<Blob>> linked, BlobStore blobs) throws IOException {
    List<StoreException.Damaged> found = new ArrayList<>();
    for (Map.Entry<ObjectId, Set<Blob>> object : linked.entrySet()) {
      for (Blob blob : object.getValue()) {
        try {
          blobs.verify(object.getKey(), blob);
        } catch (StoreException.Damaged damage) {
          found.add(damage);
        }
      }
    }
    return found;
  }
}
