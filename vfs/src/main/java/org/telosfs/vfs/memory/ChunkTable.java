package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The chunks of a file by their index: an array for the first gigabyte, a sorted map beyond. */
final class ChunkTable {
  /** What {@link #nextFrom} answers when no chunk follows. */
  static final long NONE = Long.MAX_VALUE;

  private static final int LOW_CHUNKS = 1 << 14;

  private static final Chunk[] EMPTY = new Chunk[0];

  private @Nullable Chunk[] low = EMPTY;
  private NavigableMap<Long, Chunk> high = Collections.emptyNavigableMap();
  private final ChunkPool pool;

  ChunkTable(ChunkPool pool) {
    this.pool = pool;
  }

  @Nullable Chunk get(long index) {
    if (index < LOW_CHUNKS) {
      return index < low.length ? low[(int) index] : null;
    }
    return high.get(index);
  }

  Chunk getOrMake(long index) {
    Chunk present = get(index);
    if (present != null) {
      return present;
    }
    Chunk made = new Chunk(pool);
    if (index >= LOW_CHUNKS) {
      if (high.isEmpty()) {
        high = new TreeMap<>();
      }
      high.put(index, made);
      return made;
    }
    int at = (int) index;
    if (at >= low.length) {
      low = Arrays.copyOf(low, Math.max(at + 1, Math.min(LOW_CHUNKS, low.length * 2)));
    }
    low[at] = made;
    return made;
  }

  void remove(long index) {
    if (index >= LOW_CHUNKS) {
      if (!high.isEmpty()) {
        high.remove(index);
      }
    } else if (index < low.length) {
      low[(int) index] = null;
    }
  }

  /** The index of the first chunk at or after {@code index}, or {@link #NONE}. */
  long nextFrom(long index) {
    for (long at = index; at < low.length; at++) {
      if (low[(int) at] != null) {
        return at;
      }
    }
    Map.Entry<Long, Chunk> next = high.ceilingEntry(index);
    return next == null ? NONE : next.getKey();
  }
}
