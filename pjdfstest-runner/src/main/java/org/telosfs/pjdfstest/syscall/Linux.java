package org.telosfs.pjdfstest.syscall;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.u_int64_t;
import org.jspecify.annotations.Nullable;

/**
 * The kernel, by raw system calls. Every method answers as the kernel does: a value, or a negative
 * errno; only those that return a record throw. A call acts for the calling thread alone, also
 * where the C library would act for the whole process (credentials). Buffers are direct ones; their
 * position and limit play no part. Where a method has no word for something, {@link #call} has.
 */
public final class Linux {
  private static final int MAX_ARGUMENTS = 6;

  private final C c;
  private final Runtime runtime;

  public Linux() {
    this.c = LibraryLoader.create(C.class).load("c");
    this.runtime = Runtime.getRuntime(c);
  }

  /**
   * Any system call. An argument is a number, a direct buffer or a string, which go by address, or
   * null; those left out are 0.
   */
  public long call(SystemCall call, @Nullable Object... arguments) {
    long[] raw = new long[MAX_ARGUMENTS];
    @Nullable Object[] memory = new @Nullable Object[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        Object argument = arguments[i];
        if (argument instanceof Number number) {
          raw[i] = number.longValue();
        } else if (argument != null) {
          ByteBuffer buffer =
              argument instanceof String text ? NativeMemory.cString(text) : (ByteBuffer) argument;
          memory[i] = buffer;
          raw[i] = addressOf(buffer);
        }
      }
      long answer = c.syscall(call.number(), raw[0], raw[1], raw[2], raw[3], raw[4], raw[5]);
      return answer == -1 ? -LastError.getLastError(runtime) : answer;
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /** Where index 0 of a direct buffer lies; valid as long as the buffer is reachable. */
  public long addressOf(ByteBuffer direct) {
    return Pointer.wrap(runtime, direct).address();
  }

  // Names.

  public long openat(int directory, String path, int flags, int mode) {
    return call(SystemCall.OPENAT, directory, path, flags, mode);
  }

  public long close(int fd) {
    return call(SystemCall.CLOSE, fd);
  }

  public long mkdirat(int directory, String path, int mode) {
    return call(SystemCall.MKDIRAT, directory, path, mode);
  }

  public long mknodat(int directory, String path, int mode, long device) {
    return call(SystemCall.MKNODAT, directory, path, mode, device);
  }

  public long unlinkat(int directory, String path, int flags) {
    return call(SystemCall.UNLINKAT, directory, path, flags);
  }

  public long symlinkat(String target, int directory, String path) {
    return call(SystemCall.SYMLINKAT, target, directory, path);
  }

  public long readlinkat(int directory, String path, ByteBuffer into, int bytes) {
    return call(SystemCall.READLINKAT, directory, path, into, bytes);
  }

  public long linkat(int fromDirectory, String from, int toDirectory, String to, int flags) {
    return call(SystemCall.LINKAT, fromDirectory, from, toDirectory, to, flags);
  }

  public long renameat2(int fromDirectory, String from, int toDirectory, String to, int flags) {
    return call(SystemCall.RENAMEAT2, fromDirectory, from, toDirectory, to, flags);
  }

  public long chdir(String path) {
    return call(SystemCall.CHDIR, path);
  }

  // Attributes.

  public long fchmodat(int directory, String path, int mode) {
    return call(SystemCall.FCHMODAT, directory, path, mode);
  }

  public long fchmodat2(int directory, String path, int mode, int flags) {
    return call(SystemCall.FCHMODAT2, directory, path, mode, flags);
  }

  public long fchmod(int fd, int mode) {
    return call(SystemCall.FCHMOD, fd, mode);
  }

  public long fchownat(int directory, String path, int uid, int gid, int flags) {
    return call(SystemCall.FCHOWNAT, directory, path, uid, gid, flags);
  }

  public long fchown(int fd, int uid, int gid) {
    return call(SystemCall.FCHOWN, fd, uid, gid);
  }

  public long faccessat2(int directory, String path, int mode, int flags) {
    return call(SystemCall.FACCESSAT2, directory, path, mode, flags);
  }

  /** The path may be null: then it is {@code directory} itself; so may the times: now. */
  public long utimensat(
      int directory, @Nullable String path, @Nullable FileTimes times, int flags) {
    return call(SystemCall.UTIMENSAT, directory, path, times == null ? null : times.write(), flags);
  }

  public Statx statx(int directory, String path, int flags, int mask) throws LinuxException {
    ByteBuffer into = NativeMemory.allocate(Statx.BYTES);
    LinuxException.check(
        "statx " + path, call(SystemCall.STATX, directory, path, flags, mask, into));
    return Statx.read(into);
  }

  public StatFs statfs(int fd) throws LinuxException {
    ByteBuffer into = NativeMemory.allocate(StatFs.BYTES);
    LinuxException.check("fstatfs", call(SystemCall.FSTATFS, fd, into));
    return StatFs.read(into);
  }

  public long truncate(String path, long bytes) {
    return call(SystemCall.TRUNCATE, path, bytes);
  }

  public long ftruncate(int fd, long bytes) {
    return call(SystemCall.FTRUNCATE, fd, bytes);
  }

  // Content.

  public long read(int fd, ByteBuffer into, long bytes) {
    return call(SystemCall.READ, fd, into, bytes);
  }

  public long write(int fd, ByteBuffer from, long bytes) {
    return call(SystemCall.WRITE, fd, from, bytes);
  }

  public long pread(int fd, ByteBuffer into, long bytes, long offset) {
    return call(SystemCall.PREAD64, fd, into, bytes, offset);
  }

  public long pwrite(int fd, ByteBuffer from, long bytes, long offset) {
    return call(SystemCall.PWRITE64, fd, from, bytes, offset);
  }

  /** One buffer; {@code offset} -1 is the file's own position. */
  public long preadv2(int fd, ByteBuffer into, long bytes, long offset, int flags) {
    return vectored(SystemCall.PREADV2, fd, into, bytes, offset, flags);
  }

  public long pwritev2(int fd, ByteBuffer from, long bytes, long offset, int flags) {
    return vectored(SystemCall.PWRITEV2, fd, from, bytes, offset, flags);
  }

  private long vectored(
      SystemCall call, int fd, ByteBuffer data, long bytes, long offset, int flags) {
    ByteBuffer vector = NativeMemory.allocate(2 * Long.BYTES);
    try {
      vector.putLong(0, addressOf(data)).putLong(Long.BYTES, bytes);
      // The offset is two halves; a 64-bit kernel takes it whole from the first.
      return call(call, fd, vector, 1, offset, 0, flags);
    } finally {
      Reference.reachabilityFence(data);
    }
  }

  public long lseek(int fd, long offset, int whence) {
    return call(SystemCall.LSEEK, fd, offset, whence);
  }

  public long fallocate(int fd, int mode, long offset, long bytes) {
    return call(SystemCall.FALLOCATE, fd, mode, offset, bytes);
  }

  /** From and to offsets of the caller's, not of the files' positions. */
  public long copyFileRange(
      int from, long fromOffset, int to, long toOffset, long bytes, int flags) {
    ByteBuffer source = NativeMemory.allocate(Long.BYTES).putLong(0, fromOffset);
    ByteBuffer target = NativeMemory.allocate(Long.BYTES).putLong(0, toOffset);
    return call(SystemCall.COPY_FILE_RANGE, from, source, to, target, bytes, flags);
  }

  public long fsync(int fd) {
    return call(SystemCall.FSYNC, fd);
  }

  public long fdatasync(int fd) {
    return call(SystemCall.FDATASYNC, fd);
  }

  public long ioctl(int fd, long request, @Nullable Object argument) {
    return call(SystemCall.IOCTL, fd, request, argument);
  }

  public MappedMemory mmap(int fd, long offset, long bytes, int protection, int flags)
      throws LinuxException {
    long answer = call(SystemCall.MMAP, 0, bytes, protection, flags, fd, offset);
    LinuxException.check("mmap", answer);
    return new MappedMemory(this, Pointer.wrap(runtime, answer, bytes), bytes);
  }

  /** The next entries; none at the end. */
  public List<DirectoryEntry> getdents(int fd, int bufferBytes) throws LinuxException {
    ByteBuffer into = NativeMemory.allocate(bufferBytes);
    long answer = call(SystemCall.GETDENTS64, fd, into, bufferBytes);
    int bytes = (int) LinuxException.check("getdents64", answer);
    return DirectoryEntry.readAll(into, bytes);
  }

  // Extended attributes: of a path, followed or not, or of a descriptor.

  public long setxattr(String path, String name, byte[] value, int flags) {
    return call(SystemCall.SETXATTR, path, name, NativeMemory.of(value), value.length, flags);
  }

  public long lsetxattr(String path, String name, byte[] value, int flags) {
    return call(SystemCall.LSETXATTR, path, name, NativeMemory.of(value), value.length, flags);
  }

  public long fsetxattr(int fd, String name, byte[] value, int flags) {
    return call(SystemCall.FSETXATTR, fd, name, NativeMemory.of(value), value.length, flags);
  }

  public long getxattr(String path, String name, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.GETXATTR, path, name, into, bytes);
  }

  public long lgetxattr(String path, String name, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.LGETXATTR, path, name, into, bytes);
  }

  public long fgetxattr(int fd, String name, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.FGETXATTR, fd, name, into, bytes);
  }

  public long listxattr(String path, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.LISTXATTR, path, into, bytes);
  }

  public long llistxattr(String path, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.LLISTXATTR, path, into, bytes);
  }

  public long flistxattr(int fd, @Nullable ByteBuffer into, long bytes) {
    return call(SystemCall.FLISTXATTR, fd, into, bytes);
  }

  public long removexattr(String path, String name) {
    return call(SystemCall.REMOVEXATTR, path, name);
  }

  public long lremovexattr(String path, String name) {
    return call(SystemCall.LREMOVEXATTR, path, name);
  }

  public long fremovexattr(int fd, String name) {
    return call(SystemCall.FREMOVEXATTR, fd, name);
  }

  // Locks.

  public long flock(int fd, int operation) {
    return call(SystemCall.FLOCK, fd, operation);
  }

  public long fcntl(int fd, int command, @Nullable Object argument) {
    return call(SystemCall.FCNTL, fd, command, argument);
  }

  public long lock(int fd, int command, FileLock lock) {
    return fcntl(fd, command, lock.write());
  }

  /** F_GETLK or F_OFD_GETLK: the lock in the way, or the one asked about with F_UNLCK. */
  public FileLock lockInTheWay(int fd, int command, FileLock lock) throws LinuxException {
    ByteBuffer struct = lock.write();
    LinuxException.check("fcntl", fcntl(fd, command, struct));
    return FileLock.read(struct);
  }

  // Handles.

  public long nameToHandleAt(int directory, String path, FileHandle into, int flags) {
    ByteBuffer mount = NativeMemory.allocate(Long.BYTES);
    return call(SystemCall.NAME_TO_HANDLE_AT, directory, path, into.struct(), mount, flags);
  }

  public long openByHandleAt(int mount, FileHandle handle, int flags) {
    return call(SystemCall.OPEN_BY_HANDLE_AT, mount, handle.struct(), flags);
  }

  // Signals.

  /**
   * Makes a signal interrupt system calls of whichever thread it is sent to, and do nothing else.
   * Its handler is the C library's {@code abs}, a function of one number without any effect.
   */
  public void interruptBy(int signal) throws LinuxException {
    ByteBuffer action = NativeMemory.allocate(256);
    ByteBuffer name = NativeMemory.cString("abs");
    try {
      action.putLong(0, c.dlsym(0, addressOf(name)));
      if (c.sigaction(signal, addressOf(action), 0) != 0) {
        throw new LinuxException("sigaction", -LastError.getLastError(runtime));
      }
    } finally {
      Reference.reachabilityFence(action);
      Reference.reachabilityFence(name);
    }
  }

  public long signal(long thread, int signal) {
    return call(SystemCall.TGKILL, call(SystemCall.GETPID), thread, signal);
  }

  /** The C library. */
  public interface C {
    /** Variadic in C; integers are passed as to any function on both architectures. */
    @u_int64_t
    long syscall(
        @u_int64_t long number,
        @u_int64_t long a,
        @u_int64_t long b,
        @u_int64_t long c,
        @u_int64_t long d,
        @u_int64_t long e,
        @u_int64_t long f);

    int sigaction(int signal, @u_int64_t long action, @u_int64_t long old);

    @u_int64_t
    long dlsym(@u_int64_t long library, @u_int64_t long name);
  }
}
