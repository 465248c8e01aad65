package org.telosfs.persistence.log;

/**
 * Where a record lies, packed into a positive long so that an index of millions of them stays
 * small: 31 bits of segment number, 32 bits of offset. The sign bit is free for the index.
 */
public final class LogPosition {

  private LogPosition() {}

  public static long of(int segment, long offsetBytes) {
    return ((long) segment << Integer.SIZE) | offsetBytes;
  }

  public static int segment(long position) {
    return (int) (position >>> Integer.SIZE);
  }

  public static long offsetBytes(long position) {
    return position & 0xFFFF_FFFFL;
  }

  public static String describe(long position) {
    return LogFormat.segmentName(segment(position)) + " at byte " + offsetBytes(position);
  }
}
