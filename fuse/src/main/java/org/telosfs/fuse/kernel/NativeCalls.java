package org.telosfs.fuse.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

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

  private final C c = Library.C_LIBRARY;
  private final Runtime runtime = Runtime.getRuntime(c);

  /** Loading generates code and takes some 60 ms, so it happens once, when first asked for. */
  private static final class Library {
    static final C C_LIBRARY = LibraryLoader.create(C.class).load("c");
  }

  /** The calls that only an ordinary user's mount needs; {@link #errno} goes for them too. */
  HelperCalls helper() {
    return new HelperCalls();
  }

  /** Of the last call in this thread that returned -1. */
  int errno() {
    return LastError.getLastError(runtime);
  }

  /** What an errno means, for people. */
  String describe(int errno) {
    return c.strerror(errno);
  }

  /** Where a direct buffer's index 0 lies. */
  long addressOf(ByteBuffer direct) {
    return Pointer.wrap(runtime, direct).address();
  }

  int open(String path, int flags) {
    return c.open(cString(path), flags);
  }

  int close(int fd) {
    return c.close(fd);
  }

  long read(int fd, long address, long bytes) {
    return c.read(fd, address, bytes);
  }

  long write(int fd, long address, long bytes) {
    return c.write(fd, address, bytes);
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
    return c.writev(fd, vectors.address(0), count);
  }

  /** Has reads of an opened device return EAGAIN where they would wait. */
  int setNonBlocking(int fd) {
    return c.fcntl(fd, F_SETFL, O_NONBLOCK);
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
    return c.poll(one.address(0), 1, -1);
  }

  int mount(String source, String where, String type, long flags, String options) {
    return c.mount(cString(source), cString(where), cString(type), flags, cString(options));
  }

  int umount2(String where, int flags) {
    return c.umount2(cString(where), flags);
  }

  int statfs(String path, long answer) {
    return c.statfs(cString(path), answer);
  }

  int geteuid() {
    return c.geteuid();
  }

  int getegid() {
    return c.getegid();
  }

  /** The bytes of a C string; paths of the JDK are UTF-8 on any Linux we run on. */
  static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, terminated, 0, bytes.length);
    return terminated;
  }

  /** The C library. */
  public interface C {
    int open(byte[] path, int flags);

    int close(int fd);

    @ssize_t
    long read(int fd, @u_int64_t long address, @size_t long bytes);

    @ssize_t
    long write(int fd, @u_int64_t long address, @size_t long bytes);

    @ssize_t
    long writev(int fd, @u_int64_t long vectors, int count);

    int fcntl(int fd, int command, @u_int64_t long argument);

    int poll(@u_int64_t long descriptors, @u_int64_t long count, int timeoutMillis);

    int mount(byte[] source, byte[] where, byte[] type, @u_int64_t long flags, byte[] options);

    int umount2(byte[] where, int flags);

    int statfs(byte[] path, @u_int64_t long answer);

    int geteuid();

    int getegid();

    String strerror(int errno);
  }
}
