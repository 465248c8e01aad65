package org.telosfs.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A CRC32C for each block of an extent, salted with the block's address and the volume, so that a
 * block of another place or volume does not pass. Immutable.
 */
public final class BlockChecksums {
  /** Bytes of one checksum when encoded. */
  public static final int BYTES_PER_BLOCK = Integer.BYTES;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Encoded; {@code blocks} of them begin at {@code from}. */
  private final byte[] encoded;

  private final int from;
  private final int blocks;

  private BlockChecksums(byte[] encoded, int from, int blocks) {
    this.encoded = encoded;
    this.from = from;
    this.blocks = blocks;
  }

  /** Checksums in block order. */
  public static BlockChecksums of(int... checksums) {
    byte[] encoded = new byte[checksums.length * BYTES_PER_BLOCK];
    ByteBuffer.wrap(encoded).asIntBuffer().put(checksums);
    return new BlockChecksums(encoded, 0, checksums.length);
  }

  /**
   * Reads what {@link #encode} wrote; of a buffer over an array it keeps the array, which nobody
   * may change any more.
   *
   * @throws IllegalArgumentException if fewer bytes remain than {@code blocks} checksums take
   */
  public static BlockChecksums decode(ByteBuffer from, int blocks) {
    if (blocks < 0 || from.remaining() / BYTES_PER_BLOCK < blocks) {
      throw new IllegalArgumentException(blocks + " checksums in " + from.remaining() + " bytes");
    }
    int bytes = blocks * BYTES_PER_BLOCK;
    int at = from.position();
    from.position(at + bytes);
    if (from.hasArray()) {
      return new BlockChecksums(from.array(), from.arrayOffset() + at, blocks);
    }
    byte[] copy = new byte[bytes];
    from.get(at, copy);
    return new BlockChecksums(copy, 0, blocks);
  }

  /** Of how many blocks. */
  public int blocks() {
    return blocks;
  }

  /** The checksum of one block, counted within the extent. */
  public int at(int block) {
    return (int) INT.get(encoded, from + Objects.checkIndex(block, blocks) * BYTES_PER_BLOCK);
  }

  /** Those of {@code count} blocks from {@code firstBlock} on. */
  public BlockChecksums slice(int firstBlock, int count) {
    if (firstBlock < 0 || count < 0 || firstBlock > blocks - count) {
      throw new IllegalArgumentException(
          count + " from " + firstBlock + " of " + blocks + " checksums");
    }
    return new BlockChecksums(encoded, from + firstBlock * BYTES_PER_BLOCK, count);
  }

  /** These, then those. */
  public BlockChecksums concat(BlockChecksums after) {
    ByteBuffer all = ByteBuffer.allocate((blocks + after.blocks) * BYTES_PER_BLOCK);
    encode(all);
    after.encode(all);
    return new BlockChecksums(all.array(), 0, blocks + after.blocks);
  }

  /** Writes {@link #BYTES_PER_BLOCK} bytes a block, big-endian. */
  public void encode(ByteBuffer into) {
    into.put(encoded, from, blocks * BYTES_PER_BLOCK);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlockChecksums that && view().equals(that.view());
  }

  @Override
  public int hashCode() {
    return view().hashCode();
  }

  private ByteBuffer view() {
    return ByteBuffer.wrap(encoded, from, blocks * BYTES_PER_BLOCK);
  }

  @Override
  public String toString() {
    return blocks + " checksums";
  }
}
