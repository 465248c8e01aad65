package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * 64 KiB of a file: which of its blocks hold data, and the bytes as far as any was written. Bytes
 * of a block without data, and bytes not stored, are zeros.
 */
final class Chunk {
  static final int BLOCK_SHIFT = 12;
  static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;
  static final int CHUNK_SHIFT = 16;
  static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
  static final int BLOCKS_SHIFT = CHUNK_SHIFT - BLOCK_SHIFT;
  static final int BLOCKS = 1 << BLOCKS_SHIFT;

  private static final byte[] ZEROS = new byte[CHUNK_BYTES];
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int dataBlocks;

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
      bytes = NOTHING;
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
    int end = Math.min(to, bytes.length);
    if (from < end) {
      Arrays.fill(bytes, from, end, (byte) 0);
    }
  }

  void read(int from, int length, ByteBuffer into) {
    int stored = Math.max(0, Math.min(length, bytes.length - from));
    into.put(bytes, stored == 0 ? 0 : from, stored);
    putZeros(length - stored, into);
  }

  void write(int from, int length, ByteBuffer data) {
    if (from + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, storedFor(from + length));
    }
    data.get(bytes, from, length);
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
