package org.telosfs.pjdfstest.syscall;

import java.util.Objects;
import jnr.ffi.Pointer;

/** Memory of mmap(2), used through its address; {@link #unmap} ends it. */
public final class MappedMemory {
  private final Linux linux;
  private final Pointer memory;
  private final long bytes;

  MappedMemory(Linux linux, Pointer memory, long bytes) {
    this.linux = linux;
    this.memory = memory;
    this.bytes = bytes;
  }

  public long address() {
    return memory.address();
  }

  public long bytes() {
    return bytes;
  }

  public byte get(long offset) {
    Objects.checkIndex(offset, bytes);
    return memory.getByte(offset);
  }

  public void put(long offset, byte value) {
    Objects.checkIndex(offset, bytes);
    memory.putByte(offset, value);
  }

  public void get(long offset, byte[] into, int start, int length) {
    Objects.checkFromIndexSize(offset, length, bytes);
    memory.get(offset, into, start, length);
  }

  public void put(long offset, byte[] from, int start, int length) {
    Objects.checkFromIndexSize(offset, length, bytes);
    memory.put(offset, from, start, length);
  }

  public void fill(long offset, long length, byte value) {
    Objects.checkFromIndexSize(offset, length, bytes);
    memory.setMemory(offset, length, value);
  }

  /** Offset and length in whole pages. */
  public long msync(long offset, long length, int flags) {
    return linux.call(SystemCall.MSYNC, address() + offset, length, flags);
  }

  public long unmap() {
    return linux.call(SystemCall.MUNMAP, address(), bytes);
  }
}
