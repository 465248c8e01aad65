package org.telosfs.block;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A device in memory, zero at first. Memory is taken piece by piece as sectors are written, so that
 * a large one costs little. Closing it keeps its content.
 */
public final class MemoryBlockDevice implements BlockDevice {
  private static final int PIECE_BYTES = 64 * 1024;

  private final int sectorBytes;
  private final long sizeBytes;
  private final AtomicReferenceArray<byte @Nullable []> pieces;

  /** A device of {@code sectors} sectors of {@code sectorBytes}, a power of two up to 64 KiB. */
  public MemoryBlockDevice(int sectorBytes, long sectors) {
    if (Integer.bitCount(sectorBytes) != 1 || sectorBytes > PIECE_BYTES || sectors < 1) {
      throw new IllegalArgumentException("sectorBytes=" + sectorBytes + " sectors=" + sectors);
    }
    this.sectorBytes = sectorBytes;
    this.sizeBytes = Math.multiplyExact(sectors, (long) sectorBytes);
    this.pieces =
        new AtomicReferenceArray<>(Math.toIntExact((sizeBytes + PIECE_BYTES - 1) / PIECE_BYTES));
  }

  @Override
  public int sectorBytes() {
    return sectorBytes;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) {
    BlockGeometry.requireSectors(this, offsetBytes, into.remaining());
    long at = offsetBytes;
    while (into.hasRemaining()) {
      int from = (int) (at % PIECE_BYTES);
      int count = Math.min(into.remaining(), PIECE_BYTES - from);
      byte[] piece = pieces.get((int) (at / PIECE_BYTES));
      if (piece == null) {
        into.put(new byte[count]);
      } else {
        into.put(piece, from, count);
      }
      at += count;
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    BlockGeometry.requireSectors(this, offsetBytes, from.remaining());
    long at = offsetBytes;
    while (from.hasRemaining()) {
      int to = (int) (at % PIECE_BYTES);
      int count = Math.min(from.remaining(), PIECE_BYTES - to);
      from.get(piece((int) (at / PIECE_BYTES)), to, count);
      at += count;
    }
  }

  private byte[] piece(int index) {
    byte[] there = pieces.get(index);
    if (there != null) {
      return there;
    }
    byte[] fresh = new byte[PIECE_BYTES];
    byte[] other = pieces.compareAndExchange(index, null, fresh);
    return other == null ? fresh : other;
  }

  @Override
  public void flush() {}

  @Override
  public void discard(long offsetBytes, long lengthBytes) {
    BlockGeometry.requireSectors(this, offsetBytes, lengthBytes);
  }

  @Override
  public void close() {}
}
