package org.telosfs.fuse.kernel;

import com.kenai.jffi.LastError;
import com.kenai.jffi.MemoryIO;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The system calls we need, as the C library has them. Memory is given by address, so that a call
 * copies and allocates nothing; {@link #addressOf} tells the address of a direct buffer. After a
 * call that returned -1 {@link #errno} tells why, in the same thread.
 */
final class NativeCalls {
  static final int O_RDWR = 2;
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  static final int F_SETFL = 4;
  static final int MNT_DETACH = 2;
  static final long MS_RDONLY = 1;
  static final long MS_NOSUID = 2;
  static final long MS_NODEV = 4;
  static final long MS_NOEXEC = 8;
  static final short POLLIN = 1;

  /** {@code struct iovec}: an address and a length. */
  private static final int VECTOR_BYTES = 2 * Long.BYTES;

  /** More than {@code struct statfs} has anywhere. */
  static final int STATFS_BYTES = 256;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int ENXIO = 6;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTCONN = 107;

  private static final LibraryFunction OPEN = new LibraryFunction("open");
  private static final LibraryFunction CLOSE = new LibraryFunction("close");
  private static final LibraryFunction READ = new LibraryFunction("read");
  private static final LibraryFunction WRITE = new LibraryFunction("write");
  private static final LibraryFunction WRITEV = new LibraryFunction("writev");
  private static final LibraryFunction FCNTL = new LibraryFunction("fcntl");
  private static final LibraryFunction POLL = new LibraryFunction("poll");
  private static final LibraryFunction MOUNT = new LibraryFunction("mount");
  private static final LibraryFunction UMOUNT2 = new LibraryFunction("umount2");
  private static final LibraryFunction STATFS = new LibraryFunction("statfs");
  private static final LibraryFunction GETEUID = new LibraryFunction("geteuid");
  private static final LibraryFunction GETEGID = new LibraryFunction("getegid");
  private static final LibraryFunction STRERROR = new LibraryFunction("strerror");
  private static final LastError LAST_ERROR = LastError.getInstance();
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  /** The calls that only an ordinary user's mount needs; {@link #errno} goes for them too. */
  HelperCalls helper() {
    return new HelperCalls(this);
  }

  /** Of the last call in this thread that returned -1. */
  int errno() {
    return LAST_ERROR.get();
  }

  /** What an errno means, for people. */
  String describe(int errno) {
    byte[] text = MEMORY.getZeroTerminatedByteArray(STRERROR.call(errno));
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Where a direct buffer's index 0 lies. */
  long addressOf(ByteBuffer direct) {
    return MEMORY.getDirectBufferAddress(direct);
  }

  /** Calls what takes a path and one thing more. */
  private int of(LibraryFunction function, String path, long argument) {
    NativeMemory name = NativeMemory.string(this, path);
    try {
      return (int) function.call(name.address(0), argument);
    } finally {
      Reference.reachabilityFence(name);
    }
  }

  int open(String path, int flags) {
    return of(OPEN, path, flags);
  }

  int close(int fd) {
    return (int) CLOSE.call(fd);
  }

  long read(int fd, long address, long bytes) {
    return READ.call(fd, address, bytes);
  }

  long write(int fd, long address, long bytes) {
    return WRITE.call(fd, address, bytes);
  }

  /** What {@link #writev} takes: room for so many {@code struct iovec}. */
  NativeMemory vectors(int count) {
    return new NativeMemory(this, count * VECTOR_BYTES);
  }

  /** Sets one of {@link #vectors}. */
  static void vector(NativeMemory vectors, int index, long address, int bytes) {
    vectors.putLong(index * VECTOR_BYTES, address);
    vectors.putLong(index * VECTOR_BYTES + Long.BYTES, bytes);
  }

  long writev(int fd, NativeMemory vectors, int count) {
    return WRITEV.call(fd, vectors.address(0), count);
  }

  /** Has reads of an opened device return EAGAIN where they would wait. */
  int setNonBlocking(int fd) {
    return (int) FCNTL.call(fd, F_SETFL, O_NONBLOCK);
  }

  /** What {@link #poll} takes to wait until {@code fd} can be read: a {@code struct pollfd}. */
  static NativeMemory pollForInput(NativeCalls calls, int fd) {
    NativeMemory one = new NativeMemory(calls, Long.BYTES);
    one.putInt(0, fd);
    one.putShort(Integer.BYTES, POLLIN);
    return one;
  }

  /** Waits without end for what {@link #pollForInput} names, or for its end. */
  int poll(NativeMemory one) {
    return (int) POLL.call(one.address(0), 1, -1);
  }

  int mount(String source, String where, String type, long flags, String options) {
    NativeMemory texts = NativeMemory.strings(this, List.of(source, where, type, options));
    try {
      return (int)
          MOUNT.call(
              texts.getLong(0),
              texts.getLong(Long.BYTES),
              texts.getLong(2 * Long.BYTES),
              flags,
              texts.getLong(3 * Long.BYTES));
    } finally {
      Reference.reachabilityFence(texts);
    }
  }

  int umount2(String where, int flags) {
    return of(UMOUNT2, where, flags);
  }

  int statfs(String path, long answer) {
    return of(STATFS, path, answer);
  }

  int geteuid() {
    return (int) GETEUID.call();
  }

  int getegid() {
    return (int) GETEGID.call();
  }
}
