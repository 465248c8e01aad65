package org.telosfs.persistence.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;

/**
 * Finds the blobs that no revision links. A blob is linked by revisions of its own object alone, so
 * each is looked up by itself, however large the store is.
 */
final class BlobSweep {

  /** So many are removed at once: commits wait meanwhile. */
  private static final int REMOVED_AT_ONCE = 64;

  private long blobs;
  private long bytes;

  /** How many were removed, or would be. */
  long blobs() {
    return blobs;
  }

  /** What their files took. */
  long bytes() {
    return bytes;
  }

  /** Counts what would go if that were the index. */
  void count(BlobStore store, ObjectIndex index, LogReader reader) throws IOException {
    for (BlobStore.Entry entry : unlinked(store.entries(), index, reader)) {
      blobs++;
      bytes += store.fileBytes(entry);
    }
  }

  /** Removes what no revision links any more; may be cut short anywhere, and done again. */
  void run(PackableStore store) throws IOException {
    List<BlobStore.Entry> found = unlinked(store.blobs().entries(), store.index(), store.reader());
    for (int first = 0; first < found.size(); first += REMOVED_AT_ONCE) {
      List<BlobStore.Entry> some =
          found.subList(first, Math.min(found.size(), first + REMOVED_AT_ONCE));
      // A commit may have linked one again, as an undo does.
      store.betweenCommits(log -> remove(store, unlinked(some, store.index(), store.reader())));
    }
  }

  private void remove(PackableStore store, List<BlobStore.Entry> gone) throws IOException {
    for (BlobStore.Entry entry : gone) {
      blobs++;
      bytes += store.blobs().fileBytes(entry);
    }
    store.blobs().remove(gone);
  }

  private static List<BlobStore.Entry> unlinked(
      List<BlobStore.Entry> entries, ObjectIndex index, LogReader reader) throws IOException {
    TransactionId newest = index.transaction(index.transactionCount());
    List<BlobStore.Entry> found = new ArrayList<>();
    for (BlobStore.Entry entry : entries) {
      boolean underWay = entry.transaction().compareTo(newest) > 0;
      if (!underWay && !isLinked(entry, index, reader)) {
        found.add(entry);
      }
    }
    return found;
  }

  private static boolean isLinked(BlobStore.Entry entry, ObjectIndex index, LogReader reader)
      throws IOException {
    TransactionRange all = TransactionRange.newest(Integer.MAX_VALUE);
    for (TransactionId transaction : index.history(entry.object(), all)) {
      Optional<ObjectIndex.Place> place =
          index.find(entry.object(), index.transactionsUpTo(transaction));
      if (place.isPresent() && !place.get().deleted() && links(entry, place.get(), reader)) {
        return true;
      }
    }
    return false;
  }

  private static boolean links(BlobStore.Entry entry, ObjectIndex.Place place, LogReader reader)
      throws IOException {
    try {
      return reader
          .revision(place.object(), place.transaction(), place.position())
          .blob()
          .filter(blob -> blob.transaction().equals(entry.transaction()))
          .isPresent();
    } catch (StoreException.PackedAway e) {
      return false;
    }
  }
}
