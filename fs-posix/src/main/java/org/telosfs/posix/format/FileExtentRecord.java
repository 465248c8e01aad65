package org.telosfs.posix.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;

/**
 * Where a run of a file's blocks lies. The file's first block stands in the key.
 *
 * <pre>
 * offset size field
 *      0    1 version
 *      1    1 kind: 1 written, 2 unwritten (reads as zeros)
 *      2    2 blocks of 4,096 bytes, 1..512
 *      4    8 first block on the device
 *     12    8 birth generation
 *     20      4 bytes of CRC32C a block, only if written
 * </pre>
 *
 * @param checksums one a block; null for preallocated space that nobody has written
 */
public record FileExtentRecord(DataExtent extent, @Nullable BlockChecksums checksums) {
  /** Longest run in blocks: 2 MiB, so that its checksums fit into a value of the map. */
  public static final int MAX_BLOCKS = 512;

  private static final byte VERSION = 1;
  private static final byte WRITTEN = 1;
  private static final byte UNWRITTEN = 2;
  private static final int KIND_OFFSET = 1;
  private static final int BLOCKS_OFFSET = 2;
  private static final int START_OFFSET = 4;
  private static final int BIRTH_OFFSET = START_OFFSET + Long.BYTES;
  private static final int FIXED_BYTES = BIRTH_OFFSET + Long.BYTES;

  public FileExtentRecord {
    if (extent.blocks() > MAX_BLOCKS) {
      throw new IllegalArgumentException("blocks=" + extent.blocks());
    }
    if (checksums != null && checksums.blocks() != extent.blocks()) {
      throw new IllegalArgumentException(checksums + " for " + extent);
    }
  }

  public int blocks() {
    return extent.blocks();
  }

  /** True if it holds data; else it reads as zeros. */
  public boolean isWritten() {
    return checksums != null;
  }

  /** The part of {@code count} blocks from {@code first} on. */
  public FileExtentRecord part(int first, int count) {
    return new FileExtentRecord(
        extent.part(first, count), checksums == null ? null : checksums.slice(first, count));
  }

  /** True if {@code next} goes on where this ends, and both fit into one record. */
  public boolean joins(FileExtentRecord next) {
    return extent.endBlock() == next.extent.startBlock()
        && blocks() + next.blocks() <= MAX_BLOCKS
        && extent.birthGeneration() == next.extent.birthGeneration()
        && isWritten() == next.isWritten();
  }

  /** Both as one; they {@link #joins join}. */
  public FileExtentRecord joined(FileExtentRecord next) {
    DataExtent both =
        new DataExtent(extent.startBlock(), blocks() + next.blocks(), extent.birthGeneration());
    BlockChecksums first = checksums;
    BlockChecksums second = next.checksums;
    return new FileExtentRecord(
        both, first == null || second == null ? null : first.concat(second));
  }

  public byte[] encode() {
    int sums = checksums == null ? 0 : blocks() * BlockChecksums.BYTES_PER_BLOCK;
    ByteBuffer into = ByteBuffer.allocate(FIXED_BYTES + sums);
    into.put(VERSION).put(isWritten() ? WRITTEN : UNWRITTEN).putShort((short) blocks());
    into.putLong(extent.startBlock()).putLong(extent.birthGeneration());
    if (checksums != null) {
      checksums.encode(into);
    }
    return into.array();
  }

  /**
   * The record of these bytes.
   *
   * @throws PosixFormatException if they are none
   */
  public static FileExtentRecord decode(byte[] bytes) throws PosixFormatException {
    if (bytes.length < FIXED_BYTES || bytes[0] != VERSION) {
      throw new PosixFormatException("extent record of " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    int kind = from.get(KIND_OFFSET);
    int blocks = Short.toUnsignedInt(from.getShort(BLOCKS_OFFSET));
    long start = from.getLong(START_OFFSET);
    long birth = from.getLong(BIRTH_OFFSET);
    int sums = kind == WRITTEN ? blocks * BlockChecksums.BYTES_PER_BLOCK : 0;
    if ((kind != WRITTEN && kind != UNWRITTEN)
        || blocks < 1
        || blocks > MAX_BLOCKS
        || start <= 0
        || birth < 0
        || bytes.length != FIXED_BYTES + sums) {
      throw new PosixFormatException(
          "extent record of kind " + kind + ", " + blocks + " blocks from " + start);
    }
    from.position(FIXED_BYTES);
    return new FileExtentRecord(
        new DataExtent(start, blocks, birth),
        kind == WRITTEN ? BlockChecksums.decode(from, blocks) : null);
  }
}
