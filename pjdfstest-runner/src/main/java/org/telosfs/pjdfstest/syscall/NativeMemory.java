package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Direct buffers in the machine's byte order, and C strings in them. */
public final class NativeMemory {
  private NativeMemory() {}

  public static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** With an address that is a multiple of {@code alignment}, as O_DIRECT asks for. */
  public static ByteBuffer allocateAligned(int bytes, int alignment) {
    int whole = (bytes + alignment - 1) / alignment * alignment;
    return ByteBuffer.allocateDirect(whole + alignment)
        .alignedSlice(alignment)
        .slice(0, bytes)
        .order(ByteOrder.nativeOrder());
  }

  public static ByteBuffer of(byte[] content) {
    return allocate(content.length).put(0, content);
  }

  /** A C string of one byte for each character. */
  public static ByteBuffer cString(String text) {
    byte[] bytes = bytes(text);
    return allocate(bytes.length + 1).put(0, bytes);
  }

  /** One byte for each character, which must be below 256. */
  public static byte[] bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        throw new IllegalArgumentException("no byte: character " + i + " of " + text);
      }
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] bytes(ByteBuffer from, int start, int length) {
    byte[] bytes = new byte[length];
    from.get(start, bytes);
    return bytes;
  }

  /** The reverse of {@link #bytes(String)}. */
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A path of the JDK, which is UTF-8 on any Linux we run on, as we write paths. */
  public static String path(java.nio.file.Path path) {
    return text(path.toString().getBytes(StandardCharsets.UTF_8));
  }
}
