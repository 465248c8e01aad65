package org.telosfs.persistence.index;

import java.util.ArrayList;
import java.util.List;

/** Ints by row, in chunks: growing copies nothing. */
final class IntColumn {

  private static final int CHUNK_BITS = 11;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;

  private final List<int[]> chunks = new ArrayList<>();
  private int size;

  int size() {
    return size;
  }

  void add(int value) {
    int inChunk = size & (CHUNK_ROWS - 1);
    if (inChunk == 0) {
      chunks.add(new int[CHUNK_ROWS]);
    }
    chunks.get(size >>> CHUNK_BITS)[inChunk] = value;
    size = Math.addExact(size, 1);
  }

  int get(int row) {
    return chunks.get(row >>> CHUNK_BITS)[row & (CHUNK_ROWS - 1)];
  }

  long memoryBytes() {
    return (long) chunks.size() * CHUNK_ROWS * Integer.BYTES;
  }
}
