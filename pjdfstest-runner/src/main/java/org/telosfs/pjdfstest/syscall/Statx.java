package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;

/**
 * What statx(2) tells of a file.
 *
 * <pre>offset size  field of struct statx
 *    0 4 mask | 4 4 blksize | 8 8 attributes | 16 4 nlink | 20 4 uid | 24 4 gid | 28 2 mode | 32 8 ino
 *   40 8 size | 48 8 blocks | 56 8 attributes_mask | 64 16 atime | 80 16 btime | 96 16 ctime | 112 16 mtime
 *  128 4 rdev_major | 132 4 rdev_minor | 136 4 dev_major | 140 4 dev_minor | 144 8 mnt_id
 * a time: 0 8 seconds | 8 4 nanoseconds</pre>
 */
public record Statx(
    int mask,
    int blockBytes,
    long attributes,
    int links,
    int uid,
    int gid,
    int mode,
    long inode,
    long sizeBytes,
    long blocks512,
    Time accessed,
    Time born,
    Time changed,
    Time modified,
    long rawDevice,
    long device) {
  static final int BYTES = 256;

  /** Everything a file system may tell, birth time included. */
  public static final int ALL = 0xfff;

  public static final int BASIC = 0x7ff;
  public static final int BTIME = 0x800;

  /** Since 1970; nanoseconds from 0 to 999,999,999. */
  public record Time(long seconds, int nanos) implements Comparable<Time> {
    @Override
    public int compareTo(Time other) {
      int bySeconds = Long.compare(seconds, other.seconds);
      return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
    }

    @Override
    public String toString() {
      return String.format("%d.%09d", seconds, nanos);
    }
  }

  static Statx read(ByteBuffer from) {
    return new Statx(
        from.getInt(0),
        from.getInt(4),
        from.getLong(8),
        from.getInt(16),
        from.getInt(20),
        from.getInt(24),
        from.getShort(28) & 0xffff,
        from.getLong(32),
        from.getLong(40),
        from.getLong(48),
        time(from, 64),
        time(from, 80),
        time(from, 96),
        time(from, 112),
        device(from, 128),
        device(from, 136));
  }

  public int type() {
    return mode & Abi.S_IFMT;
  }

  public int permissions() {
    return mode & 07777;
  }

  private static Time time(ByteBuffer from, int offset) {
    return new Time(from.getLong(offset), from.getInt(offset + Long.BYTES));
  }

  /** Major and minor number side by side. */
  private static long device(ByteBuffer from, int offset) {
    return ((long) from.getInt(offset) << 32) | from.getInt(offset + Integer.BYTES);
  }
}
