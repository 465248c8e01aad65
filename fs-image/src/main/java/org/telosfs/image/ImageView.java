package org.telosfs.image;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/** One committed state, as the nodes ask it. Any number of threads may. */
final class ImageView implements AutoCloseable {

  private static final ObjectId FIRST = new ObjectId(1);

  private final ImageStates states;
  private final StoreSnapshot snapshot;

  ImageView(ImageStates states, StoreSnapshot snapshot) {
    this.states = states;
    this.snapshot = snapshot;
  }

  ObjectStore store() {
    return states.store();
  }

  /** The newest transaction it shows. */
  TransactionId transaction() {
    return snapshot.transaction();
  }

  /** The newest transaction when the tree was opened: the time of what never changes. */
  TransactionId opened() {
    return states.opened();
  }

  /** Whether it is late enough to show that transaction. */
  boolean shows(TransactionId transaction) {
    return transaction.compareTo(transaction()) <= 0;
  }

  /** Since when the object is as it is; empty if it does not exist. */
  Optional<TransactionId> changed(ObjectId id) throws IOException {
    return Optional.ofNullable(snapshot.changedBy(List.of(id)).get(id));
  }

  /** The transaction that made the revision; ENOENT if there is none. */
  TransactionId changed(ObjectPlace place) throws IOException, FsException {
    return place.isLive()
        ? changed(place.id()).orElseThrow(ImageView::absent)
        : revision(place).transaction();
  }

  /** The revision; ENOENT if there is none. */
  RenderedRevision revision(ObjectPlace place) throws IOException, FsException {
    TransactionId transaction = place.isLive() ? changed(place) : place.at();
    return states.revisions().find(place.id(), transaction).orElseThrow(ImageView::absent);
  }

  /** The blob that the object holds there, open; ENOENT if there is none. */
  BlobReader openBlob(ObjectPlace place) throws IOException, FsException {
    Optional<BlobReader> reader =
        place.isLive() ? snapshot.openBlob(place.id()) : store().openBlob(place.id(), place.at());
    return reader.orElseThrow(ImageView::absent);
  }

  /** The named objects. */
  Map<String, ObjectId> roots() throws IOException {
    Optional<TransactionId> changed = changed(ObjectId.ROOTS);
    if (changed.isEmpty()) {
      return Map.of();
    }
    Optional<RenderedRevision> roots = states.revisions().find(ObjectId.ROOTS, changed.get());
    return roots.isEmpty() ? Map.of() : roots.get().references();
  }

  /** The transactions up to this state that changed the object, newest first. */
  List<TransactionId> history(ObjectId id) throws IOException {
    return store().history(id).stream().filter(this::shows).toList();
  }

  /** All objects whose number the predicate accepts, ascending. */
  List<ObjectId> ids(LongPredicate accepted) throws IOException {
    return snapshot.ids(FIRST, accepted, Integer.MAX_VALUE);
  }

  TransactionId shardChanged(int shard) {
    return states.shardChanged(shard);
  }

  /** A transaction; ENOENT if there is none. */
  CommittedTransaction committed(TransactionId id) throws IOException, FsException {
    return states.transaction(id).orElseThrow(ImageView::absent);
  }

  private static FsException absent() {
    return new FsException(Errno.ENOENT);
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
