package org.telosfs.persistence.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By row, the row of the same object's revision before. Most objects are written once, so a chunk
 * of rows takes memory only from the first revision in it on that has one before.
 */
final class PreviousRevisions {

  private static final int CHUNK_BITS = 8;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int FIRST_CHUNKS = 8;

  /** By chunk: rows, each plus one, so that 0 is {@link NewestRevisions#NONE}. */
  private int[] @Nullable [] chunks = new int[FIRST_CHUNKS][];

  private int size;
  private int chunksInUse;

  void add(int previous) {
    int chunk = size >>> CHUNK_BITS;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunk);
    }
    if (previous != NewestRevisions.NONE) {
      int[] rows = chunks[chunk];
      if (rows == null) {
        rows = new int[CHUNK_ROWS];
        chunks[chunk] = rows;
        chunksInUse++;
      }
      rows[size & (CHUNK_ROWS - 1)] = previous + 1;
    }
    size = Math.addExact(size, 1);
  }

  int get(int row) {
    int[] rows = chunks[row >>> CHUNK_BITS];
    return rows == null ? NewestRevisions.NONE : rows[row & (CHUNK_ROWS - 1)] - 1;
  }

  long memoryBytes() {
    return (long) chunksInUse * (CHUNK_ROWS * Integer.BYTES + 16)
        + (long) chunks.length * Integer.BYTES;
  }
}
