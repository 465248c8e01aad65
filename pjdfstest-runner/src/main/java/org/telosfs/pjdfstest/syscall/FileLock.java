package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;

/**
 * A record lock.
 *
 * <pre>offset size  field of struct flock on 64-bit architectures
 *    0 2 type | 2 2 whence | 8 8 start | 16 8 length | 24 4 pid</pre>
 */
public record FileLock(int type, int whence, long start, long length, int pid) {
  private static final int BYTES = 32;

  /** From the start of the file, for a call. */
  public static FileLock of(int type, long start, long length) {
    return new FileLock(type, Abi.SEEK_SET, start, length, 0);
  }

  ByteBuffer write() {
    ByteBuffer struct = NativeMemory.allocate(BYTES);
    struct.putShort(0, (short) type).putShort(2, (short) whence);
    return struct.putLong(8, start).putLong(16, length).putInt(24, pid);
  }

  static FileLock read(ByteBuffer from) {
    return new FileLock(
        from.getShort(0), from.getShort(2), from.getLong(8), from.getLong(16), from.getInt(24));
  }
}
