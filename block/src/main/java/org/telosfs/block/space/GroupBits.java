package org.telosfs.block.space;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The use of one group's blocks, a bit each; and its bytes on disk, version 1, big-endian:
 *
 * <pre>
 * offset size field
 *      0    1 kind
 * kind 1:   2 first block in the group | 2 blocks used, until the end; runs ascend
 * kind 2:   {@value #BITMAP_BYTES} bytes, the bit of block 0 is the lowest of the first 8 bytes
 * </pre>
 *
 * A group without a record has no block in use. The shorter of the two kinds is written.
 */
final class GroupBits {
  /** Blocks of one group: 64 MiB of 4 KiB blocks. */
  static final int BLOCKS = 16_384;

  static final int BITMAP_BYTES = BLOCKS / Byte.SIZE;

  private static final byte RUNS = 1;
  private static final byte BITMAP = 2;
  private static final int RUN_BYTES = 2 * Short.BYTES;

  /** A set bit is a block in use. */
  private final long[] used = new long[BLOCKS / Long.SIZE];

  private int usedCount;

  int freeCount() {
    return BLOCKS - usedCount;
  }

  int usedCount() {
    return usedCount;
  }

  boolean isUsed(int block) {
    return (used[block >> 6] & 1L << block) != 0;
  }

  /**
   * Marks blocks used or free.
   *
   * @throws SpaceCorruptException if one of them is so already; nothing is marked then
   */
  void mark(int from, int count, boolean use) throws SpaceCorruptException {
    int contradiction = use ? nextUsed(from) : nextFree(from);
    if (contradiction < from + count) {
      throw new SpaceCorruptException(
          "block " + contradiction + " of its group is " + (use ? "used" : "free") + " already");
    }
    for (int block = from; block < from + count; block++) {
      used[block >> 6] ^= 1L << block;
    }
    usedCount += use ? count : -count;
  }

  /** The first free block at or after {@code from}, or {@link #BLOCKS}. */
  int nextFree(int from) {
    return next(from, -1L);
  }

  /** The first used block at or after {@code from}, or {@link #BLOCKS}. */
  int nextUsed(int from) {
    return next(from, 0L);
  }

  private int next(int from, long flip) {
    if (from >= BLOCKS) {
      return BLOCKS;
    }
    int word = from >> 6;
    long bits = (used[word] ^ flip) & -1L << from;
    while (bits == 0) {
      if (++word == used.length) {
        return BLOCKS;
      }
      bits = used[word] ^ flip;
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** The record, or null if no block is in use. */
  byte @Nullable [] encode() {
    if (usedCount == 0) {
      return null;
    }
    int runs = 0;
    for (int at = nextUsed(0); at < BLOCKS; at = nextUsed(nextFree(at))) {
      runs++;
    }
    boolean asRuns = runs * RUN_BYTES < BITMAP_BYTES;
    ByteBuffer into = ByteBuffer.allocate(1 + (asRuns ? runs * RUN_BYTES : BITMAP_BYTES));
    if (asRuns) {
      into.put(RUNS);
      for (int at = nextUsed(0); at < BLOCKS; at = nextUsed(nextFree(at))) {
        into.putShort((short) at).putShort((short) (nextFree(at) - at));
      }
    } else {
      into.put(BITMAP);
      into.asLongBuffer().put(used);
    }
    return into.array();
  }

  /**
   * The group of a record; null is a group without one.
   *
   * @throws SpaceCorruptException if the bytes are no record
   */
  static GroupBits decode(byte @Nullable [] record) throws SpaceCorruptException {
    GroupBits bits = new GroupBits();
    if (record == null) {
      return bits;
    }
    if (record.length == 1 + BITMAP_BYTES && record[0] == BITMAP) {
      ByteBuffer.wrap(record, 1, BITMAP_BYTES).slice().asLongBuffer().get(bits.used);
      for (long word : bits.used) {
        bits.usedCount += Long.bitCount(word);
      }
      return bits;
    }
    if (record.length % RUN_BYTES != 1 || record[0] != RUNS) {
      throw new SpaceCorruptException(
          "a space record of " + record.length + " bytes and an unknown kind");
    }
    ByteBuffer from = ByteBuffer.wrap(record, 1, record.length - 1);
    int end = 0;
    while (from.hasRemaining()) {
      int start = Short.toUnsignedInt(from.getShort());
      int count = Short.toUnsignedInt(from.getShort());
      if (start < end || count == 0 || start + count > BLOCKS) {
        throw new SpaceCorruptException("a run of " + count + " blocks from " + start);
      }
      bits.mark(start, count, true);
      end = start + count;
    }
    return bits;
  }
}
