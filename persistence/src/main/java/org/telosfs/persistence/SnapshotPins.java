package org.telosfs.persistence;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which states somebody has open: packs leave these, and all later ones, as they are. */
final class SnapshotPins {

  private final Set<LocalSnapshot> open = ConcurrentHashMap.newKeySet();

  void add(LocalSnapshot snapshot) {
    open.add(snapshot);
  }

  void remove(LocalSnapshot snapshot) {
    open.remove(snapshot);
  }

  /** The oldest of them; {@link TransactionId#MAX} if there is none. */
  TransactionId oldest() {
    TransactionId oldest = TransactionId.MAX;
    for (LocalSnapshot snapshot : open) {
      TransactionId transaction = snapshot.transaction();
      oldest = transaction.compareTo(oldest) < 0 ? transaction : oldest;
    }
    return oldest;
  }

  int count() {
    return open.size();
  }
}
