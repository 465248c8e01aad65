package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Records of one size outside the heap, where the garbage collector neither copies nor follows
 * them, each named by a reference: a positive number, 0 being none. What was taken from the system
 * once stays for the next record.
 *
 * <p>Taking and giving back are safe for any number of threads; the bytes of a record belong to
 * whoever took it. The lowest free record is taken first. But for its first four bytes it is as it
 * was given back; one that is taken for the first time is all zeros.
 */
final class RecordPool {
  static final int NONE = 0;

  private final int recordBytes;
  private final Slabs source;
  private final int slabShift;
  private final int slabMask;

  /** Replaced by a longer copy, under this object's monitor. */
  private volatile ByteBuffer[] slabs = new ByteBuffer[0];

  private final FreeRecords free = new FreeRecords();

  /** The lowest reference that was never taken. */
  private int end = NONE + 1;

  /**
   * @param recordBytes size of a record, a multiple of 8
   */
  RecordPool(int recordBytes, Slabs source) {
    if (recordBytes <= 0 || recordBytes % Long.BYTES != 0) {
      throw new IllegalArgumentException("recordBytes=" + recordBytes);
    }
    this.recordBytes = recordBytes;
    this.source = source;
    this.slabShift = source.shiftFor(recordBytes);
    this.slabMask = (1 << slabShift) - 1;
  }

  /**
   * A record whose first four bytes are zeros.
   *
   * @throws FsException ENOSPC if there is no memory outside the heap any more
   */
  synchronized int take() throws FsException {
    int taken = free.take();
    if (taken != NONE) {
      putInt(taken, 0, 0);
      return taken;
    }
    while (end >>> slabShift >= slabs.length) {
      addSlab();
    }
    return end++;
  }

  /** Nobody uses the record any more. */
  synchronized void giveBack(int record) {
    free.add(record);
  }

  /** Whether the number is one of a record that was taken before now. */
  boolean knows(int record) {
    return record > NONE && record >>> slabShift < slabs.length;
  }

  /** Where the record lies, with others; native byte order. */
  ByteBuffer slabOf(int record) {
    return slabs[record >>> slabShift];
  }

  /** The record's first byte within {@link #slabOf}. */
  int offsetOf(int record) {
    return (record & slabMask) * recordBytes;
  }

  /** Whether {@code next} lies right behind {@code record} in memory. */
  boolean isFollowedBy(int record, int next) {
    return next == record + 1 && (next & slabMask) != 0;
  }

  int getInt(int record, int at) {
    return slabOf(record).getInt(offsetOf(record) + at);
  }

  void putInt(int record, int at, int value) {
    slabOf(record).putInt(offsetOf(record) + at, value);
  }

  long getLong(int record, int at) {
    return slabOf(record).getLong(offsetOf(record) + at);
  }

  void putLong(int record, int at, long value) {
    slabOf(record).putLong(offsetOf(record) + at, value);
  }

  private void addSlab() throws FsException {
    if (slabs.length > Integer.MAX_VALUE >>> slabShift) {
      throw new FsException(Errno.ENOSPC, "no more records of " + recordBytes + " bytes");
    }
    free.reach((slabs.length + 1) << slabShift);
    ByteBuffer slab = source.take(recordBytes << slabShift);
    ByteBuffer[] longer = Arrays.copyOf(slabs, slabs.length + 1);
    longer[slabs.length] = slab;
    slabs = longer;
  }
}
