package org.telosfs.fuse.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A block of zeroed memory outside the heap, for the structures of rare calls. */
final class NativeMemory {
  private final ByteBuffer bytes;
  private final long start;

  NativeMemory(NativeCalls calls, int size) {
    this.bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    this.start = calls.addressOf(bytes);
  }

  /** A C string; paths of the JDK are UTF-8 on any Linux we run on. */
  static NativeMemory string(NativeCalls calls, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    NativeMemory memory = new NativeMemory(calls, bytes.length + 1);
    memory.bytes.put(0, bytes);
    return memory;
  }

  /** A NULL-terminated array of pointers to strings, as argv is; it lies at offset 0. */
  static NativeMemory strings(NativeCalls calls, List<String> strings) {
    int pointers = (strings.size() + 1) * Long.BYTES;
    int size = pointers;
    for (String string : strings) {
      size += string.getBytes(StandardCharsets.UTF_8).length + 1;
    }
    NativeMemory memory = new NativeMemory(calls, size);
    int at = pointers;
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i).getBytes(StandardCharsets.UTF_8);
      memory.putLong(i * Long.BYTES, memory.address(at));
      memory.bytes.put(at, string);
      at += string.length + 1;
    }
    return memory;
  }

  long address(int offset) {
    return start + offset;
  }

  int getInt(int offset) {
    return bytes.getInt(offset);
  }

  long getLong(int offset) {
    return bytes.getLong(offset);
  }

  void putShort(int offset, short value) {
    bytes.putShort(offset, value);
  }

  void putInt(int offset, int value) {
    bytes.putInt(offset, value);
  }

  void putLong(int offset, long value) {
    bytes.putLong(offset, value);
  }

  /** The first {@code length} bytes as text. */
  String text(int length) {
    byte[] copy = new byte[length];
    bytes.get(0, copy);
    return new String(copy, StandardCharsets.UTF_8);
  }
}
