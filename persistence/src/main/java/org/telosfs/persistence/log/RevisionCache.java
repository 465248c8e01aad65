package org.telosfs.persistence.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;

/**
 * Revisions that were read lately, by the position of their record, which never changes. Each
 * position has a few places, and if none is free who comes later takes the first: no lock, no list,
 * and a hit costs a few memory accesses. What it holds together is bounded; what is beyond goes
 * place by place, round and round.
 */
final class RevisionCache {

  /** What a revision takes beside its state, about. */
  private static final int OVERHEAD_BYTES = 160;

  /** Larger ones gain little by being here. */
  private static final int MAX_STATE_BYTES = 16 * 1024;

  /** So that few positions share their places with too many others. */
  private static final int BYTES_PER_PLACE = 128;

  /** A power of two. */
  private static final int PLACES_EACH = 4;

  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final long maxBytes;
  private final int shift;
  private final AtomicReferenceArray<@Nullable Entry> places;
  private final AtomicLong bytes = new AtomicLong();

  /** Where to make room next. */
  private final AtomicInteger hand = new AtomicInteger();

  private record Entry(long position, Revision revision, int bytes) {}

  RevisionCache(long maxBytes) {
    this.maxBytes = maxBytes;
    int count =
        Integer.highestOneBit(
            (int) Math.min(1 << 24, Math.max(PLACES_EACH, maxBytes / BYTES_PER_PLACE)));
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(count);
    this.places = new AtomicReferenceArray<>(count);
  }

  @Nullable Revision get(long position, ObjectId object) {
    int first = place(position);
    for (int way = 0; way < PLACES_EACH; way++) {
      Entry entry = places.get(first ^ way);
      if (entry != null && entry.position == position) {
        return entry.revision.id().equals(object) ? entry.revision : null;
      }
    }
    return null;
  }

  void put(long position, Revision revision) {
    if (revision.state().size() > MAX_STATE_BYTES) {
      return;
    }
    int size =
        OVERHEAD_BYTES + revision.state().size() + Long.BYTES * 3 * revision.references().size();
    int place = placeFor(position);
    Entry before = places.get(place);
    if (places.compareAndSet(place, before, new Entry(position, revision, size))) {
      long held = bytes.addAndGet(size - (before == null ? 0 : before.bytes));
      while (held > maxBytes) {
        held = bytes.addAndGet(-emptied(hand.getAndIncrement() & (places.length() - 1)));
      }
    }
  }

  /** Where it is already, or a free place, or else the first. */
  private int placeFor(long position) {
    int first = place(position);
    int free = first;
    for (int way = PLACES_EACH - 1; way >= 0; way--) {
      Entry entry = places.get(first ^ way);
      if (entry == null) {
        free = first ^ way;
      } else if (entry.position == position) {
        return first ^ way;
      }
    }
    return free;
  }

  /** Returns how much was there. */
  private int emptied(int place) {
    Entry entry = places.get(place);
    return entry != null && places.compareAndSet(place, entry, null) ? entry.bytes : 0;
  }

  private int place(long position) {
    return (int) ((position * MIX) >>> shift);
  }
}
