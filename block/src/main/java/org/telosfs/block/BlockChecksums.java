package org.telosfs.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A CRC32C for each block of an extent, salted with the block's address and the volume, so that a
 * block of another place or volume does not pass. Immutable.
 */
public final class BlockChecksums {
  /** Bytes of one checksum when encoded. */
  public static final int BYTES_PER_BLOCK = Integer.BYTES;

  private final int[] checksums;

  private BlockChecksums(int[] checksums) {
    this.checksums = checksums;
  }

  /** Checksums in block order; the array is not copied and never changed again. */
  public static BlockChecksums of(int... checksums) {
    return new BlockChecksums(checksums);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if fewer bytes remain than {@code blocks} checksums take
   */
  public static BlockChecksums decode(ByteBuffer from, int blocks) {
    if (blocks < 0 || from.remaining() / BYTES_PER_BLOCK < blocks) {
      throw new IllegalArgumentException(blocks + " checksums in " + from.remaining() + " bytes");
    }
    int[] checksums = new int[blocks];
    ByteBuffer encoded = from.slice().order(ByteOrder.BIG_ENDIAN);
    encoded.asIntBuffer().get(checksums);
    from.position(from.position() + blocks * BYTES_PER_BLOCK);
    return new BlockChecksums(checksums);
  }

  /** Of how many blocks. */
  public int blocks() {
    return checksums.length;
  }

  /** The checksum of one block, counted within the extent. */
  public int at(int block) {
    return checksums[block];
  }

  /** Those of {@code count} blocks from {@code firstBlock} on. */
  public BlockChecksums slice(int firstBlock, int count) {
    if (firstBlock < 0 || count < 0 || firstBlock > checksums.length - count) {
      throw new IllegalArgumentException(
          count + " from " + firstBlock + " of " + checksums.length + " checksums");
    }
    return new BlockChecksums(Arrays.copyOfRange(checksums, firstBlock, firstBlock + count));
  }

  /** These, then those. */
  public BlockChecksums concat(BlockChecksums after) {
    int[] all = Arrays.copyOf(checksums, checksums.length + after.checksums.length);
    System.arraycopy(after.checksums, 0, all, checksums.length, after.checksums.length);
    return new BlockChecksums(all);
  }

  /** Writes {@link #BYTES_PER_BLOCK} bytes a block, big-endian. */
  public void encode(ByteBuffer into) {
    into.slice().order(ByteOrder.BIG_ENDIAN).asIntBuffer().put(checksums);
    into.position(into.position() + checksums.length * BYTES_PER_BLOCK);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlockChecksums that && Arrays.equals(checksums, that.checksums);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(checksums);
  }

  @Override
  public String toString() {
    return checksums.length + " checksums";
  }
}
