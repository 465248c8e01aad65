package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;

/**
 * 64 KiB of a file: which of its blocks hold data, and the bytes as far as any was written. Bytes
 * of a block without data, and bytes not stored, are zeros. The bytes of a small file lie in an
 * array of its size, those of a whole chunk in memory from the pool.
 */
final class Chunk {
  static final int BLOCK_SHIFT = 12;
  static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;
  static final int CHUNK_SHIFT = 16;
  static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
  static final int BLOCKS_SHIFT = CHUNK_SHIFT - BLOCK_SHIFT;
  static final int BLOCKS = 1 << BLOCKS_SHIFT;

  private static final byte[] ZEROS = new byte[CHUNK_BYTES];
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ChunkPool pool;
  private ByteBuffer bytes = NOTHING;
  private int dataBlocks;

  Chunk(ChunkPool pool) {
    this.pool = pool;
  }

  /** How many of the blocks {@code from} to {@code to} (not included) hold data. */
  int countData(int from, int to) {
    return Integer.bitCount(dataBlocks & mask(from, to));
  }

  void markData(int from, int to) {
    dataBlocks |= mask(from, to);
  }

  /** Makes the blocks a hole; how many held data. */
  int drop(int from, int to) {
    int dropped = countData(from, to);
    dataBlocks &= ~mask(from, to);
    if (dataBlocks == 0) {
      replaceBytes(NOTHING);
    } else {
      zero(from << BLOCK_SHIFT, to << BLOCK_SHIFT);
    }
    return dropped;
  }

  boolean isHole() {
    return dataBlocks == 0;
  }

  /** The first block from {@code from} on that holds data (or none); {@link #BLOCKS} if none. */
  int nextBlock(int from, boolean data) {
    int wanted = (data ? dataBlocks : ~dataBlocks) & mask(from, BLOCKS);
    return wanted == 0 ? BLOCKS : Integer.numberOfTrailingZeros(wanted);
  }

  void zero(int from, int to) {
    int end = Math.min(to, bytes.capacity());
    if (from < end) {
      bytes.put(from, ZEROS, 0, end - from);
    }
  }

  void read(int from, int length, ByteBuffer into) {
    int stored = Math.max(0, Math.min(length, bytes.capacity() - from));
    if (stored > 0) {
      into.put(into.position(), bytes, from, stored);
      into.position(into.position() + stored);
    }
    putZeros(length - stored, into);
  }

  void write(int from, int length, ByteBuffer data) {
    if (from + length > bytes.capacity()) {
      grow(storedFor(from + length), from, length);
    }
    bytes.put(from, data, data.position(), length);
    data.position(data.position() + length);
  }

  /** Makes room, zeros but for what is stored and what is about to be written. */
  private void grow(int capacity, int from, int length) {
    ByteBuffer pooled = capacity == CHUNK_BYTES ? pool.take() : null;
    int stored = bytes.capacity();
    ByteBuffer larger;
    if (pooled == null) {
      larger = ByteBuffer.allocate(capacity);
    } else {
      larger = pooled;
      if (stored < from) {
        larger.put(stored, ZEROS, 0, from - stored);
      }
      larger.put(from + length, ZEROS, 0, capacity - from - length);
    }
    larger.put(0, bytes, 0, stored);
    replaceBytes(larger);
  }

  private void replaceBytes(ByteBuffer other) {
    if (bytes.isDirect()) {
      pool.giveBack(bytes);
    }
    bytes = other;
  }

  /** Puts as many zeros, at most a chunk. */
  static void putZeros(int length, ByteBuffer into) {
    into.put(ZEROS, 0, length);
  }

  /**
   * Doubling from a block on, so that a small file stays small and a large one is copied rarely.
   */
  private static int storedFor(int length) {
    return Math.max(BLOCK_BYTES, Integer.highestOneBit(length - 1) << 1);
  }

  private static int mask(int from, int to) {
    return (1 << to) - (1 << from);
  }
}
