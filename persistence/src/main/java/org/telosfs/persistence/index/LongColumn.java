package org.telosfs.persistence.index;

import java.util.Arrays;

/**
 * Longs by row, in chunks: growing copies nothing but the list of chunks. Neighbours are mostly
 * close to each other, so a chunk holds differences to its first value in 4 bytes, and turns to 8
 * bytes when one does not fit.
 */
final class LongColumn {

  private static final int CHUNK_BITS = 11;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int FIRST_CHUNKS = 8;

  /** By chunk: its first value. */
  private long[] firsts = new long[FIRST_CHUNKS];

  /** By chunk: differences to the first value as {@code int[]}, or values as {@code long[]}. */
  private Object[] chunks = new Object[FIRST_CHUNKS];

  private int size;
  private int wideChunks;

  int size() {
    return size;
  }

  void add(long value) {
    int chunk = size >>> CHUNK_BITS;
    int inChunk = size & (CHUNK_ROWS - 1);
    if (inChunk == 0) {
      start(chunk, value);
    }
    long difference = value - firsts[chunk];
    if (chunks[chunk] instanceof int[] narrow) {
      if (difference == (int) difference) {
        narrow[inChunk] = (int) difference;
      } else {
        widen(chunk, narrow)[inChunk] = value;
      }
    } else {
      ((long[]) chunks[chunk])[inChunk] = value;
    }
    size = Math.addExact(size, 1);
  }

  long get(int row) {
    int chunk = row >>> CHUNK_BITS;
    int inChunk = row & (CHUNK_ROWS - 1);
    return chunks[chunk] instanceof int[] narrow
        ? firsts[chunk] + narrow[inChunk]
        : ((long[]) chunks[chunk])[inChunk];
  }

  long memoryBytes() {
    long narrow = (size + CHUNK_ROWS - 1L) >>> CHUNK_BITS;
    return (narrow + wideChunks) * CHUNK_ROWS * Integer.BYTES + 2L * Long.BYTES * chunks.length;
  }

  private void start(int chunk, long first) {
    if (chunk == chunks.length) {
      firsts = Arrays.copyOf(firsts, 2 * chunk);
      chunks = Arrays.copyOf(chunks, 2 * chunk);
    }
    firsts[chunk] = first;
    chunks[chunk] = new int[CHUNK_ROWS];
  }

  private long[] widen(int chunk, int[] narrow) {
    long[] wide = new long[CHUNK_ROWS];
    for (int row = 0; row < CHUNK_ROWS; row++) {
      wide[row] = firsts[chunk] + narrow[row];
    }
    chunks[chunk] = wide;
    wideChunks++;
    return wide;
  }
}
