package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Takes memory outside the heap from the system, so much at once. Safe for any number of threads.
 */
final class Slabs {
  private static final int SLAB_BYTES = 256 << 10;

  private final int slabBytes;
  private final AtomicLong left;

  /** Whatever {@code -XX:MaxDirectMemorySize} allows. */
  Slabs() {
    this(SLAB_BYTES, Long.MAX_VALUE);
  }

  /**
   * @param slabBytes what is taken at once, about
   * @param most how many slabs there are
   */
  Slabs(int slabBytes, long most) {
    this.slabBytes = slabBytes;
    this.left = new AtomicLong(most);
  }

  /** The logarithm of how many records a slab has. */
  int shiftFor(int recordBytes) {
    int records = Math.max(1, slabBytes / recordBytes);
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(records);
  }

  /**
   * Zeros, in native byte order.
   *
   * @throws FsException ENOSPC if there is no memory outside the heap any more
   */
  ByteBuffer take(int bytes) throws FsException {
    if (left.decrementAndGet() >= 0) {
      try {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      } catch (OutOfMemoryError full) {
        throw outOfMemory();
      }
    }
    left.incrementAndGet();
    throw outOfMemory();
  }

  private static FsException outOfMemory() {
    return new FsException(Errno.ENOSPC, "no memory outside the heap");
  }
}
