package org.telosfs.image;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;

/**
 * The revisions used last, so that a file's size, which stat wants exactly, and its content are
 * rendered once. A revision never changes, so nothing here ever becomes wrong.
 */
final class RenderedRevisions {

  private static final int FIRST_CAPACITY = 16;
  private static final float LOAD_FACTOR = 0.75f;

  private final ObjectStore store;
  private final long limitBytes;

  /** Least recently used first. */
  @GuardedBy("this")
  private final LinkedHashMap<Key, RenderedRevision> revisions =
      new LinkedHashMap<>(FIRST_CAPACITY, LOAD_FACTOR, true);

  @GuardedBy("this")
  private long bytes;

  private record Key(ObjectId id, TransactionId transaction) {}

  RenderedRevisions(ObjectStore store, long limitBytes) {
    this.store = store;
    this.limitBytes = limitBytes;
  }

  /** What that transaction made of the object; empty if it did not change it. */
  Optional<RenderedRevision> find(ObjectId id, TransactionId transaction) throws IOException {
    Key key = new Key(id, transaction);
    synchronized (this) {
      RenderedRevision known = revisions.get(key);
      if (known != null) {
        return Optional.of(known);
      }
    }
    Optional<Revision> read = store.revision(id, transaction);
    return read.map(revision -> kept(key, new RenderedRevision(revision)));
  }

  /** Keeps it, or gives what another thread has kept meanwhile. */
  private synchronized RenderedRevision kept(Key key, RenderedRevision revision) {
    RenderedRevision known = revisions.putIfAbsent(key, revision);
    if (known != null) {
      return known;
    }
    bytes += revision.weightBytes();
    Iterator<Map.Entry<Key, RenderedRevision>> oldest = revisions.entrySet().iterator();
    while (bytes > limitBytes && revisions.size() > 1) {
      bytes -= oldest.next().getValue().weightBytes();
      oldest.remove();
    }
    return revision;
  }
}
