package org.telosfs.persistence.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;

/**
 * Revisions that were read lately, by the position of their record, which never changes. Each
 * position has a place, or the one beside it if that is free, and who comes later takes it: no
 * lock, no list, and a hit costs a few memory accesses. What it holds together is bounded; when
 * that is reached, only what is no larger than what it replaces comes in.
 */
final class RevisionCache {

  /** What a revision takes beside its state, about. */
  private static final int OVERHEAD_BYTES = 160;

  /** Larger ones gain little by being here. */
  private static final int MAX_STATE_BYTES = 16 * 1024;

  /** So that states of a few hundred bytes fill it. */
  private static final int BYTES_PER_PLACE = 256;

  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final long maxBytes;
  private final int shift;
  private final AtomicReferenceArray<@Nullable Entry> places;
  private final AtomicLong bytes = new AtomicLong();

  private record Entry(long position, Revision revision, int bytes) {}

  RevisionCache(long maxBytes) {
    this.maxBytes = maxBytes;
    int count =
        Integer.highestOneBit((int) Math.min(1 << 24, Math.max(2, maxBytes / BYTES_PER_PLACE)));
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(count);
    this.places = new AtomicReferenceArray<>(count);
  }

  @Nullable Revision get(long position, ObjectId object) {
    int place = place(position);
    Entry entry = places.get(place);
    if (entry == null || entry.position != position) {
      entry = places.get(place ^ 1);
    }
    return entry != null && entry.position == position && entry.revision.id().equals(object)
        ? entry.revision
        : null;
  }

  void put(long position, Revision revision) {
    if (revision.state().size() > MAX_STATE_BYTES) {
      return;
    }
    int size =
        OVERHEAD_BYTES + revision.state().size() + Long.BYTES * 3 * revision.references().size();
    int place = place(position);
    Entry before = places.get(place);
    if (before != null && before.position != position && places.get(place ^ 1) == null) {
      place ^= 1;
      before = null;
    }
    int growth = size - (before == null ? 0 : before.bytes);
    if (growth > 0 && bytes.get() + growth > maxBytes) {
      return;
    }
    if (places.compareAndSet(place, before, new Entry(position, revision, size))) {
      bytes.addAndGet(growth);
    }
  }

  private int place(long position) {
    return (int) ((position * MIX) >>> shift);
  }
}
