package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Loses power in the midst of a write after some others: every operation from then on fails, and of
 * what was not flushed only some reaches the device below, the platter.
 */
public final class CrashingBlockDevice implements BlockDevice {
  /** What of the unflushed writes reaches the platter. */
  public enum Survivors {
    NONE,
    SOME,
    TORN,
    ALL
  }

  private record Unflushed(long offsetBytes, byte[] bytes) {}

  private final List<Unflushed> unflushed = new ArrayList<>();

  /** Written, still readable, but never to reach the platter. */
  private final List<Unflushed> forgotten = new ArrayList<>();

  private final BlockDevice platter;
  private final Survivors survivors;
  private final Random random;
  private long writesLeft;
  private boolean lost;

  /** {@code seed} decides who survives. */
  public CrashingBlockDevice(
      BlockDevice platter, long writesBeforePowerLoss, Survivors survivors, long seed) {
    this.platter = platter;
    this.writesLeft = writesBeforePowerLoss;
    this.survivors = survivors;
    this.random = new Random(seed);
  }

  /**
   * What a host does after a flush that failed: what was not flushed can still be read, but no
   * later flush brings it to the platter.
   */
  public synchronized void forgetUnflushed() {
    forgotten.addAll(unflushed);
    unflushed.clear();
  }

  /** Loses power now, if it has not yet. */
  public synchronized void losePower() throws IOException {
    if (lost) {
      return;
    }
    lost = true;
    for (int i = 0; i < unflushed.size(); i++) {
      Unflushed write = unflushed.get(i);
      int bytes = write.bytes().length;
      boolean last = i == unflushed.size() - 1;
      int kept =
          switch (survivors) {
            case NONE -> 0;
            case SOME -> random.nextBoolean() ? bytes : 0;
            case TORN -> last ? random.nextInt(bytes / sectorBytes()) * sectorBytes() : bytes;
            case ALL -> bytes;
          };
      if (kept > 0) {
        platter.write(write.offsetBytes(), ByteBuffer.wrap(write.bytes(), 0, kept));
      }
    }
    unflushed.clear();
  }

  private void requirePower() throws IOException {
    if (lost) {
      throw new IOException("the power is lost");
    }
  }

  @Override
  public int sectorBytes() {
    return platter.sectorBytes();
  }

  @Override
  public long sizeBytes() {
    return platter.sizeBytes();
  }

  @Override
  public synchronized void read(long offsetBytes, ByteBuffer into) throws IOException {
    requirePower();
    int start = into.position();
    long end = offsetBytes + into.remaining();
    platter.read(offsetBytes, into);
    overlay(forgotten, offsetBytes, end, start, into);
    overlay(unflushed, offsetBytes, end, start, into);
  }

  private static void overlay(
      List<Unflushed> writes, long offsetBytes, long end, int start, ByteBuffer into) {
    for (Unflushed write : writes) {
      long from = Math.max(offsetBytes, write.offsetBytes());
      long to = Math.min(end, write.offsetBytes() + write.bytes().length);
      if (from < to) {
        int at = (int) (from - write.offsetBytes());
        into.put(start + (int) (from - offsetBytes), write.bytes(), at, (int) (to - from));
      }
    }
  }

  @Override
  public synchronized void write(long offsetBytes, ByteBuffer from) throws IOException {
    requirePower();
    BlockGeometry.requireSectors(this, offsetBytes, from.remaining());
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    unflushed.add(new Unflushed(offsetBytes, bytes));
    if (writesLeft-- == 0) {
      losePower();
      requirePower();
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    requirePower();
    for (Unflushed write : unflushed) {
      platter.write(write.offsetBytes(), ByteBuffer.wrap(write.bytes()));
    }
    unflushed.clear();
    platter.flush();
  }

  @Override
  public synchronized void discard(long offsetBytes, long lengthBytes) throws IOException {
    requirePower();
    BlockGeometry.requireSectors(this, offsetBytes, lengthBytes);
  }

  @Override
  public void close() throws IOException {
    if (!lost) {
      flush();
    }
    platter.close();
  }
}
