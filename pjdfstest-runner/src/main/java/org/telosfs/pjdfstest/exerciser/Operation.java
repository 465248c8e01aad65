package org.telosfs.pjdfstest.exerciser;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One thing done to one of two files: drawn from a seed and a number alone, without regard to what
 * came before, so that any part of a sequence is a sequence, too; then {@linkplain #fit fitted} to
 * the sizes the files have.
 *
 * @param number its place in the sequence, from 1
 * @param file the one worked on, or copied from: 0 or 1
 * @param offset where it starts; for truncations the new size
 * @param fromEnd whether {@code offset} counts from the end of the file (only before fitting)
 * @param length in bytes; a read may go past the end
 * @param target the file copied or cloned to, else the one worked on
 * @param targetOffset where in it
 */
record Operation(
    long number,
    Kind kind,
    int file,
    int offset,
    boolean fromEnd,
    int length,
    int target,
    int targetOffset) {
  /** O_DIRECT, collapsing, inserting and cloning work on whole blocks of this size. */
  static final int BLOCK_BYTES = 4096;

  static final int MAX_LENGTH_BYTES = 256 << 10;

  /** The same for the same arguments; {@code maxFileBytes} is a multiple of the block. */
  static Operation draw(long seed, long number, int maxFileBytes) {
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ number * 0xD1342543DE82EF95L);
    Kind kind = Kind.at(random.nextInt(Kind.TOTAL_WEIGHT));
    int file = random.nextInt(4) == 0 ? 1 : 0;
    boolean fromEnd = random.nextInt(8) == 0;
    int offset = fromEnd ? random.nextInt(-96, 97) : offset(random, maxFileBytes);
    int length = length(random, Math.min(maxFileBytes, MAX_LENGTH_BYTES));
    int target = kind == Kind.CLONE || random.nextBoolean() ? 1 - file : file;
    int targetOffset = offset(random, maxFileBytes);
    if (kind == Kind.COPY_RANGE && random.nextBoolean()) {
      // What a file system may do without copying: whole blocks of both files.
      targetOffset = down(targetOffset) + Math.max(0, offset) % BLOCK_BYTES;
      length = blocks(random, Math.min(maxFileBytes, MAX_LENGTH_BYTES));
    }
    return new Operation(number, kind, file, offset, fromEnd, length, target, targetOffset);
  }

  /** Below {@code max}; often at a block's edge or near one. */
  private static int offset(SplittableRandom random, int max) {
    int any = random.nextInt(max);
    int block = any - any % BLOCK_BYTES;
    return switch (random.nextInt(4)) {
      case 0 -> block;
      case 1 -> Math.max(0, Math.min(max - 1, block + random.nextInt(-16, 17)));
      default -> any;
    };
  }

  private static int length(SplittableRandom random, int most) {
    return switch (random.nextInt(16)) {
      case 0, 1 -> 1 + random.nextInt(16);
      case 2 -> 1 + random.nextInt(most);
      case 3 -> blocks(random, most);
      case 4, 5 -> 1 + random.nextInt(Math.min(most, 16 * BLOCK_BYTES));
      case 6, 7, 8, 9 -> 1 + random.nextInt(Math.min(most, 4 * BLOCK_BYTES));
      default -> 1 + random.nextInt(BLOCK_BYTES);
    };
  }

  private static int blocks(SplittableRandom random, int most) {
    return BLOCK_BYTES * (1 + random.nextInt(most / BLOCK_BYTES));
  }

  /**
   * What of this can be done to files of these sizes, none of which may grow beyond {@code max};
   * null if nothing.
   */
  @Nullable Operation fit(int size, int targetSize, int max) {
    int from = fromEnd ? Math.max(0, Math.min(max - 1, size + offset)) : offset;
    int most = Math.min(length, max - from);
    return switch (kind) {
      case READ,
          READ_VECTOR,
          WRITE,
          WRITE_VECTOR,
          WRITE_MAPPED,
          WRITE_MAPPED_SYNC,
          ALLOCATE,
          ALLOCATE_KEEP_SIZE,
          PUNCH_HOLE,
          ZERO_RANGE,
          ZERO_RANGE_KEEP_SIZE ->
          at(from, most);
      case READ_DIRECT, WRITE_DIRECT -> at(down(from), Math.min(up(length), max - down(from)));
      case READ_MAPPED -> at(from, Math.min(length, size - from));
      case WRITE_APPEND -> at(size, Math.min(length, max - size));
      case COLLAPSE_RANGE -> at(down(from), Math.min(up(length), down(size - 1 - down(from))));
      case INSERT_RANGE -> down(from) < size ? at(down(from), insertable(size, max)) : null;
      case COPY_RANGE -> fitCopy(from, size, max);
      case CLONE_RANGE -> fitCloneRange(down(from), size, targetSize, max);
      case CLONE -> fitClone(size, targetSize);
      case SEEK, SEEK_UNSYNCED -> from < size ? everywhere(from) : null;
      case TRUNCATE, TRUNCATE_BY_OPEN, UNMAP, DROP_CACHE, SYNC, SYNC_DATA, REOPEN, COMPARE ->
          everywhere(kind == Kind.TRUNCATE ? from : 0);
    };
  }

  private int insertable(int size, int max) {
    return Math.min(up(length), down(max - size));
  }

  /** The length asked for may go past the source's end, but not onto itself. */
  private @Nullable Operation fitCopy(int from, int size, int max) {
    int most = Math.min(length, max - Math.max(from, targetOffset));
    if (file == target) {
      most = Math.min(most, Math.abs(from - targetOffset));
    }
    return from < size ? at(from, most) : null;
  }

  /** Whole blocks, or up to the source's end if that becomes the target's end. */
  private @Nullable Operation fitCloneRange(int from, int size, int targetSize, int max) {
    int to = down(targetOffset);
    int most = Math.min(up(length), max - Math.max(from, to));
    if (file == target) {
      most = Math.min(most, Math.abs(from - to));
    }
    int upToEnd = Math.min(most, size - from);
    int bytes = to + upToEnd >= targetSize && file != target ? upToEnd : down(upToEnd);
    return bytes <= 0 ? null : new Operation(number, kind, file, from, false, bytes, target, to);
  }

  private @Nullable Operation fitClone(int size, int targetSize) {
    boolean possible = size > 0 && (size % BLOCK_BYTES == 0 || size >= targetSize);
    return possible ? new Operation(number, kind, file, 0, false, size, target, 0) : null;
  }

  private @Nullable Operation at(int newOffset, int newLength) {
    return newLength <= 0
        ? null
        : new Operation(number, kind, file, newOffset, false, newLength, target, targetOffset);
  }

  private Operation everywhere(int newOffset) {
    return new Operation(number, kind, file, newOffset, false, 0, target, targetOffset);
  }

  private static int down(int bytes) {
    return bytes & -BLOCK_BYTES;
  }

  private static int up(int bytes) {
    return down(bytes + BLOCK_BYTES - 1);
  }

  int end() {
    return offset + length;
  }

  int targetEnd() {
    return targetOffset + length;
  }

  /** Whether this, fitted, may have to do with what {@code inFile} has in a range. */
  boolean touches(int inFile, int from, int to) {
    return switch (kind) {
      case COPY_RANGE, CLONE_RANGE, CLONE ->
          (inFile == file && offset < to && from < end())
              || (inFile == target && targetOffset < to && from < targetEnd());
      case TRUNCATE, TRUNCATE_BY_OPEN, COLLAPSE_RANGE, INSERT_RANGE ->
          inFile == file && offset < to;
      case REOPEN, DROP_CACHE, SYNC, SYNC_DATA, UNMAP -> inFile == file;
      case READ, READ_VECTOR, READ_MAPPED, READ_DIRECT, SEEK, SEEK_UNSYNCED, COMPARE -> false;
      default -> inFile == file && offset < to && from < end();
    };
  }

  @Override
  public String toString() {
    String what = String.format("%,11d  %-20s %s", number, kind, name(file));
    return switch (kind) {
      case UNMAP, DROP_CACHE, SYNC, SYNC_DATA, REOPEN, COMPARE, TRUNCATE_BY_OPEN -> what;
      case TRUNCATE -> what + " to 0x" + Integer.toHexString(offset);
      case SEEK, SEEK_UNSYNCED -> what + " from 0x" + Integer.toHexString(offset);
      case COPY_RANGE, CLONE_RANGE, CLONE ->
          what + range(offset, length) + " to " + name(target) + range(targetOffset, length);
      default -> what + range(offset, length);
    };
  }

  static String name(int file) {
    return file == 0 ? "a" : "b";
  }

  private static String range(int offset, int length) {
    return String.format(" [0x%x, 0x%x)", offset, offset + length);
  }
}
