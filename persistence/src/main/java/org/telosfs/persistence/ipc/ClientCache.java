package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;

/**
 * Revisions that a client has read, each with the states in which it is right: from the transaction
 * that made it to the one that changed the object next, as far as the server has told of one. The
 * server tells of every change before it shows a state with it, so what no notice has ended is
 * right for every state that was opened by now.
 */
final class ClientCache {
  /** What an entry takes beside its state, about. */
  private static final int OVERHEAD_BYTES = 200;

  /** Changes that are remembered, so that what is read of an older state can be kept. */
  private static final int MAX_CHANGES = 1 << 16;

  private final long maxBytes;

  /** Least recently used first. */
  @GuardedBy("this")
  private final LinkedHashMap<ObjectId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("this")
  private long bytes;

  /** Objects with the last change that was told of, in the order of these. */
  @GuardedBy("this")
  private final LinkedHashMap<ObjectId, TransactionId> changes = new LinkedHashMap<>();

  /** Of every later transaction {@link #changes} tells. */
  @GuardedBy("this")
  private TransactionId completeSince = TransactionId.MAX;

  /**
   * @param until the first state in which the revision is not right; {@link TransactionId#MAX} if
   *     none is known
   */
  private record Entry(Revision revision, TransactionId until) {
    boolean isRightIn(TransactionId shown) {
      return revision.transaction().compareTo(shown) <= 0 && shown.compareTo(until) < 0;
    }

    long sizeBytes() {
      return OVERHEAD_BYTES
          + revision.state().size()
          + 3L * Long.BYTES * revision.references().size();
    }
  }

  ClientCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Divides objects into those whose revision in that state is here, and the others. */
  synchronized void get(
      Collection<ObjectId> ids,
      TransactionId shown,
      Map<ObjectId, Revision> found,
      List<ObjectId> missing) {
    for (ObjectId id : ids) {
      Entry entry = entries.get(id);
      if (entry != null && entry.isRightIn(shown)) {
        found.put(id, entry.revision());
      } else {
        missing.add(id);
      }
    }
  }

  /** Keeps what was read in that state. */
  synchronized void put(Revision revision, TransactionId shown) {
    Entry before = entries.get(revision.id());
    TransactionId until = knownUntil(revision.id(), shown);
    if (before != null) {
      int order = before.revision().transaction().compareTo(revision.transaction());
      if (order > 0 || (order == 0 && before.until().compareTo(until) >= 0)) {
        return;
      }
      bytes -= before.sizeBytes();
    }
    Entry entry = new Entry(revision, until);
    entries.put(revision.id(), entry);
    bytes += entry.sizeBytes();
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().sizeBytes();
      oldest.remove();
    }
  }

  /** Until when what is right in that state is known to be right. */
  @GuardedBy("this")
  private TransactionId knownUntil(ObjectId id, TransactionId shown) {
    TransactionId changed = changes.get(id);
    boolean unchanged = changed == null || changed.compareTo(shown) <= 0;
    return unchanged && completeSince.compareTo(shown) <= 0 ? TransactionId.MAX : shown.next();
  }

  /** Told before the client sees a state with these changes. */
  synchronized void changed(CommittedTransaction transaction) {
    for (ObjectId id : transaction.objects()) {
      Entry entry = entries.get(id);
      if (entry != null && entry.until().equals(TransactionId.MAX)) {
        entries.put(id, new Entry(entry.revision(), transaction.id()));
      }
      changes.remove(id);
      changes.put(id, transaction.id());
    }
    Iterator<TransactionId> oldest = changes.values().iterator();
    while (changes.size() > MAX_CHANGES) {
      completeSince = oldest.next();
      oldest.remove();
    }
  }

  /** Forgets everything: of every transaction after that one it will be told from now on. */
  synchronized void startAt(TransactionId newest) {
    entries.clear();
    changes.clear();
    bytes = 0;
    completeSince = newest;
  }

  synchronized long sizeBytes() {
    return bytes;
  }
}
