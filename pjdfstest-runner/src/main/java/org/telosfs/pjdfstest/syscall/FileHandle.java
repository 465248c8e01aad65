package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;

/** A {@code struct file_handle}: 0 4 handle bytes | 4 4 type | 8 handle. */
public final class FileHandle {
  static final int HEADER_BYTES = 8;
  public static final int MAX_BYTES = 128;

  private final ByteBuffer struct;

  /** With room for {@code bytes} of a handle. */
  public FileHandle(int bytes) {
    this.struct = NativeMemory.allocate(HEADER_BYTES + Math.max(bytes, MAX_BYTES));
    struct.putInt(0, bytes);
  }

  /** Of the room before name_to_handle_at, of the handle after it. */
  public int bytes() {
    return struct.getInt(0);
  }

  public int type() {
    return struct.getInt(4);
  }

  /** For cases that damage a handle. */
  public ByteBuffer struct() {
    return struct;
  }

  public String content() {
    return NativeMemory.text(NativeMemory.bytes(struct, HEADER_BYTES, bytes()));
  }
}
