package org.telosfs.image;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;

/** Gives out views of a store, and has what all of them share. */
final class ImageStates {

  private final ObjectStore store;
  private final RenderedRevisions revisions;
  private final TransactionId opened;

  /** When each shard last changed, as far as that was after the tree was opened. */
  private final AtomicLongArray shardChanges = new AtomicLongArray(ShardDirectory.COUNT);

  /** The transaction read last: a directory of its many changes is looked up name by name. */
  private final AtomicReference<@Nullable CommittedTransaction> lastRead = new AtomicReference<>();

  ImageStates(ObjectStore store, long cacheBytes) {
    this.store = store;
    this.revisions = new RenderedRevisions(store, cacheBytes);
    this.opened = store.stats().newest();
  }

  ObjectStore store() {
    return store;
  }

  RenderedRevisions revisions() {
    return revisions;
  }

  /** The newest transaction when the tree was opened. */
  TransactionId opened() {
    return opened;
  }

  /** The newest committed state. */
  ImageView newest() throws IOException {
    StoreSnapshot snapshot = store.snapshot();
    return new ImageView(this, snapshot);
  }

  /** A transaction has changed objects; told in the order of transactions. */
  void committed(CommittedTransaction transaction) {
    transaction
        .objects()
        .forEach(
            id -> shardChanges.set(ShardDirectory.of(id).shard(), transaction.id().epochNanos()));
  }

  TransactionId shardChanged(int shard) {
    long changed = shardChanges.get(shard);
    return changed == 0 ? opened : new TransactionId(changed);
  }

  Optional<CommittedTransaction> transaction(TransactionId id) throws IOException {
    CommittedTransaction last = lastRead.get();
    if (last != null && last.id().equals(id)) {
      return Optional.of(last);
    }
    List<CommittedTransaction> found = store.transactions(TransactionRange.only(id));
    found.forEach(lastRead::set);
    return found.stream().findFirst();
  }
}
