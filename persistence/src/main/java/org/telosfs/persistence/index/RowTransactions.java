package org.telosfs.persistence.index;

import java.util.Arrays;

/**
 * By row, the number of the transaction that made it, and whether it deleted the object. Each
 * transaction has a row at least, so within a chunk numbers differ by less than it has rows, and
 * two bytes hold both.
 */
final class RowTransactions {

  private static final int CHUNK_BITS = 11;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int FIRST_CHUNKS = 8;
  private static final int DELETED = 1 << 15;

  /** By chunk: the number of its first row. */
  private int[] firsts = new int[FIRST_CHUNKS];

  /** By chunk: differences to the first number, with {@link #DELETED}. */
  private char[][] chunks = new char[FIRST_CHUNKS][];

  private int size;

  int size() {
    return size;
  }

  void add(int transaction, boolean deleted) {
    int chunk = size >>> CHUNK_BITS;
    int inChunk = size & (CHUNK_ROWS - 1);
    if (inChunk == 0) {
      if (chunk == chunks.length) {
        firsts = Arrays.copyOf(firsts, 2 * chunk);
        chunks = Arrays.copyOf(chunks, 2 * chunk);
      }
      firsts[chunk] = transaction;
      chunks[chunk] = new char[CHUNK_ROWS];
    }
    chunks[chunk][inChunk] = (char) (transaction - firsts[chunk] | (deleted ? DELETED : 0));
    size = Math.addExact(size, 1);
  }

  int get(int row) {
    int chunk = row >>> CHUNK_BITS;
    return firsts[chunk] + (chunks[chunk][row & (CHUNK_ROWS - 1)] & ~DELETED);
  }

  boolean deleted(int row) {
    return (chunks[row >>> CHUNK_BITS][row & (CHUNK_ROWS - 1)] & DELETED) != 0;
  }

  /** The first row of a transaction; the number of rows if there is none. */
  int firstRow(int transaction) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle) < transaction) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  long memoryBytes() {
    long used = (size + CHUNK_ROWS - 1L) >>> CHUNK_BITS;
    return used * (CHUNK_ROWS * Character.BYTES + 16) + 8L * chunks.length;
  }
}
