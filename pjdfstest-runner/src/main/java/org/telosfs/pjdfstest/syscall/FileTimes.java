package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;

/** Both times of utimensat(2), as two {@code struct timespec}. */
public record FileTimes(
    long accessedSeconds, long accessedNanos, long modifiedSeconds, long modifiedNanos) {
  private static final int BYTES = 4 * Long.BYTES;

  /** The nanoseconds may be UTIME_NOW or UTIME_OMIT. */
  public static FileTimes nanos(long accessed, long modified) {
    return new FileTimes(0, accessed, 0, modified);
  }

  public static FileTimes seconds(long accessed, long modified) {
    return new FileTimes(accessed, 0, modified, 0);
  }

  ByteBuffer write() {
    ByteBuffer times = NativeMemory.allocate(BYTES);
    times.putLong(0, accessedSeconds).putLong(8, accessedNanos);
    return times.putLong(16, modifiedSeconds).putLong(24, modifiedNanos);
  }
}
