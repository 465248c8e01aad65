package org.telosfs.persistence;

import java.util.Optional;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;
import org.telosfs.persistence.pack.PackDecision;

/**
 * What snapshots are made of: the index, which a pack puts another in place of, the horizon before
 * which no state is opened, and what somebody has open. A snapshot stays with the index it was made
 * of: positions of records do not change, and a pack takes nothing that the snapshot can reach.
 */
final class VisibleState {

  private final LogReader reader;
  private final BlobStore blobs;
  private final SnapshotPins pins = new SnapshotPins();
  private volatile ObjectIndex index;
  private volatile TransactionId horizon;
  private volatile int lastPack;

  /** The last one, carried out or not: what it took away must not be referred to again. */
  private volatile Optional<PackDecision> decision;

  private volatile boolean carriedOut;

  VisibleState(StoreOpening opened, BlobStore blobs) {
    this.reader = opened.recovery().reader();
    this.blobs = blobs;
    this.index = opened.index();
    this.decision = opened.decision();
    this.carriedOut = decision.isEmpty();
    this.horizon = opened.recovery().horizon();
    this.lastPack = opened.recovery().lastPack();
    decision.ifPresent(unfinished -> adopt(unfinished, opened.index()));
  }

  ObjectIndex index() {
    return index;
  }

  LogReader reader() {
    return reader;
  }

  BlobStore blobs() {
    return blobs;
  }

  LocalSnapshot newest() {
    while (true) {
      ObjectIndex now = index;
      int count = now.transactionCount();
      // Pinned first and looked at then: a pack that comes in between sees the pin, or is seen.
      LocalSnapshot snapshot = new LocalSnapshot(now, reader, blobs, count, pins);
      if (snapshot.transaction().compareTo(horizon) >= 0
          || (now.equals(index) && count == now.transactionCount())) {
        return snapshot;
      }
      snapshot.close();
    }
  }

  /**
   * @throws StoreException.PackedAway if that state is older than packs have left whole
   */
  LocalSnapshot at(TransactionId id) throws StoreException.PackedAway {
    ObjectIndex now = index;
    LocalSnapshot snapshot = new LocalSnapshot(now, reader, blobs, now.transactionsUpTo(id), pins);
    if (id.compareTo(horizon) < 0) {
      snapshot.close();
      throw new StoreException.PackedAway(
          "the state at " + id + " is older than " + horizon + ", the oldest that is kept; it");
    }
    return snapshot;
  }

  TransactionId oldestInUse() {
    return pins.oldest();
  }

  int openSnapshots() {
    return pins.count();
  }

  TransactionId horizon() {
    return horizon;
  }

  void setHorizon(TransactionId newHorizon) {
    horizon = newHorizon;
  }

  int lastPack() {
    return lastPack;
  }

  Optional<PackDecision> unfinished() {
    return carriedOut ? Optional.empty() : decision;
  }

  /** Whether a pack took that object away while this store was open. */
  boolean tookAway(ObjectId id) {
    Optional<PackDecision> last = decision;
    return last.isPresent() && last.get().takes(id);
  }

  void adopt(PackDecision newDecision, ObjectIndex packed) {
    decision = Optional.of(newDecision);
    carriedOut = false;
    lastPack = Math.max(lastPack, newDecision.number());
    horizon = newDecision.horizon().compareTo(horizon) > 0 ? newDecision.horizon() : horizon;
    index = packed;
  }

  void forgetDecision() {
    carriedOut = true;
  }
}
