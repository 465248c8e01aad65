package org.telosfs.pjdfstest.exerciser;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.syscall.Abi;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.MappedMemory;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Open;
import org.telosfs.pjdfstest.syscall.SystemCall;

/**
 * One file: a descriptor for most, one that appends, one with O_DIRECT from its first use on, and a
 * shared mapping of all the file may become, from its first use until it is unmapped or the page
 * cache is dropped.
 */
final class SystemFile {
  private static final int CLOSED = -1;
  private static final int FADVISE_DONTNEED = 4;

  /** struct iovec: 0 8 address | 8 8 bytes. */
  private static final int VECTOR_BYTES = 2 * Long.BYTES;

  private static final int VECTORS = 3;
  private static final int STATX_BYTES = 256;
  private static final int STATX_SIZE = 0x200;
  private static final int STATX_SIZE_OFFSET = 40;

  private final Linux linux;
  private final String path;
  private final int maxBytes;
  private final byte[] copy;
  private final ByteBuffer vectors = NativeMemory.allocate(VECTORS * VECTOR_BYTES);
  private final ByteBuffer statx = NativeMemory.allocate(STATX_BYTES);
  private final ByteBuffer noName = NativeMemory.allocate(1);

  private int descriptor = CLOSED;
  private int appending = CLOSED;
  private int direct = CLOSED;
  private @Nullable MappedMemory mapping;

  SystemFile(Linux linux, Path path, int maxBytes) {
    this.linux = linux;
    this.path = NativeMemory.path(path);
    this.maxBytes = maxBytes;
    this.copy = new byte[maxBytes];
  }

  void open(boolean empty) throws LinuxException {
    descriptor = open(Open.O_RDWR | Open.O_CREAT | (empty ? Open.O_TRUNC : 0));
    appending = open(Open.O_WRONLY | Open.O_APPEND);
  }

  private int open(int flags) throws LinuxException {
    long answer = linux.openat(Abi.AT_FDCWD, path, flags | Open.O_CLOEXEC, 0600);
    return (int) LinuxException.check("open " + path, answer);
  }

  int descriptor() {
    return descriptor;
  }

  int read(FilePair.Access access, int offset, ByteBuffer into, int bytes) throws LinuxException {
    long answer =
        switch (access) {
          case PLAIN -> linux.pread(descriptor, into, bytes, offset);
          case DIRECT -> linux.pread(direct(), into, bytes, offset);
          case VECTOR -> vectored(SystemCall.PREADV2, offset, into, bytes);
          case MAPPED -> readMapping(offset, into, bytes);
        };
    return (int) LinuxException.check("read", answer);
  }

  int write(FilePair.Access access, int offset, ByteBuffer from, int bytes) throws LinuxException {
    long answer =
        switch (access) {
          case PLAIN -> linux.pwrite(descriptor, from, bytes, offset);
          case DIRECT -> linux.pwrite(direct(), from, bytes, offset);
          case VECTOR -> vectored(SystemCall.PWRITEV2, offset, from, bytes);
          case MAPPED -> writeMapping(offset, from, bytes);
        };
    return (int) LinuxException.check("write", answer);
  }

  int append(ByteBuffer from, int bytes) throws LinuxException {
    return (int) LinuxException.check("append", linux.write(appending, from, bytes));
  }

  private int direct() throws LinuxException {
    if (direct == CLOSED) {
      direct = open(Open.O_RDWR | Open.O_DIRECT);
    }
    return direct;
  }

  /** In three pieces of uneven lengths, the middle one maybe empty. */
  private long vectored(SystemCall call, int offset, ByteBuffer data, int bytes) {
    long address = linux.addressOf(data);
    int first = bytes / 3;
    int second = bytes / 5;
    vectors.putLong(0, address).putLong(8, first);
    vectors.putLong(16, address + first).putLong(24, second);
    vectors.putLong(32, address + first + second).putLong(40, bytes - first - second);
    return linux.call(call, descriptor, vectors, VECTORS, offset, 0, 0);
  }

  private int readMapping(int offset, ByteBuffer into, int bytes) throws LinuxException {
    mapping().get(offset, copy, 0, bytes);
    into.put(0, copy, 0, bytes);
    return bytes;
  }

  private int writeMapping(int offset, ByteBuffer from, int bytes) throws LinuxException {
    from.get(0, copy, 0, bytes);
    mapping().put(offset, copy, 0, bytes);
    return bytes;
  }

  private MappedMemory mapping() throws LinuxException {
    MappedMemory present = mapping;
    if (present == null) {
      int access = Abi.PROT_READ | Abi.PROT_WRITE;
      present = linux.mmap(descriptor, 0, maxBytes, access, Abi.MAP_SHARED);
      mapping = present;
    }
    return present;
  }

  void syncMapping() throws LinuxException {
    if (mapping != null) {
      LinuxException.check("msync", mapping.msync(0, mapping.bytes(), Abi.MS_SYNC));
    }
  }

  void unmap() throws LinuxException {
    if (mapping != null) {
      MappedMemory ending = mapping;
      mapping = null;
      LinuxException.check("munmap", ending.unmap());
    }
  }

  int sizeBytes() throws LinuxException {
    long answer =
        linux.call(SystemCall.STATX, descriptor, noName, Abi.AT_EMPTY_PATH, STATX_SIZE, statx);
    LinuxException.check("statx", answer);
    return (int) statx.getLong(STATX_SIZE_OFFSET);
  }

  int seek(int offset, int whence) throws LinuxException {
    long answer = linux.lseek(descriptor, offset, whence);
    if (Errno.ENXIO.is(answer)) {
      return -1;
    }
    return (int) LinuxException.check("lseek", answer);
  }

  /** Mapped pages are never dropped, hence not mapped afterwards. */
  void dropCache() throws LinuxException {
    unmap();
    LinuxException.check(
        "fadvise", linux.call(SystemCall.FADVISE64, descriptor, 0, 0, FADVISE_DONTNEED));
  }

  void close() throws LinuxException {
    unmap();
    int[] open = {descriptor, appending, direct};
    descriptor = CLOSED;
    appending = CLOSED;
    direct = CLOSED;
    long answer = 0;
    for (int each : open) {
      // Linux frees the descriptor whatever it answers.
      answer = each == CLOSED ? answer : Math.min(answer, linux.close(each));
    }
    LinuxException.check("close", answer);
  }
}
