package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_REMOVEDIR;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_NOFOLLOW;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.syscall.DirectoryEntry;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Open;
import org.telosfs.pjdfstest.syscall.Statx;

/**
 * A case's directory, which is the working directory of all its threads, with umask 0. Calls answer
 * as the kernel does; {@link #ok} and {@link #fails} say what the answer must be. Verbs that make
 * something for a case ({@link #file}, {@link #directory}, ...) must succeed.
 */
final class Sandbox {
  /** Users and a group without names on any system. */
  static final Identity ALICE = Identity.of(64_001, 64_001);

  static final Identity BOB = Identity.of(64_002, 64_002);
  static final int TEAM = 64_010;
  static final Identity TEAM_MEMBER = Identity.of(64_003, 64_003, TEAM);

  private final Linux linux;
  private final java.nio.file.Path path;
  private final int directory;
  private final Queue<Integer> opened = new ConcurrentLinkedQueue<>();

  Sandbox(Linux linux, java.nio.file.Path path, int directory) {
    this.linux = linux;
    this.path = path;
    this.directory = directory;
  }

  /** All system calls there are. */
  Linux sys() {
    return linux;
  }

  /** For programs. */
  java.nio.file.Path path() {
    return path;
  }

  void closeAll() {
    opened.forEach(linux::close);
  }

  // What is expected.

  int ok(long answer) {
    if (answer < 0) {
      throw new UnexpectedException("expected success, got " + Errno.describe(answer));
    }
    return (int) answer;
  }

  void fails(Errno with, long answer) {
    if (!with.is(answer)) {
      throw new UnexpectedException("expected " + with + ", got " + Errno.describe(answer));
    }
  }

  void same(@Nullable Object expected, @Nullable Object seen) {
    if (!Objects.equals(expected, seen)) {
      throw new UnexpectedException("expected " + expected + ", got " + seen);
    }
  }

  void same(String what, @Nullable Object expected, @Nullable Object seen) {
    if (!Objects.equals(expected, seen)) {
      throw new UnexpectedException(what + ": expected " + expected + ", got " + seen);
    }
  }

  void sameMode(int expected, int seen) {
    if (expected != seen) {
      throw new UnexpectedException(String.format("expected mode %o, got %o", expected, seen));
    }
  }

  void holds(boolean condition, String what) {
    if (!condition) {
      throw new UnexpectedException("does not hold: " + what);
    }
  }

  /** Ends the case as not run. */
  NotRunException notRun(String reason) {
    return new NotRunException(reason);
  }

  // Who does it.

  /** Work without arguments, as somebody. */
  interface Step {
    void run() throws Exception;
  }

  void as(Identity who, Step step) throws Exception {
    as(who, 0, step);
  }

  void as(Identity who, int umask, Step step) throws Exception {
    who.call(
        linux,
        directory,
        umask,
        () -> {
          step.run();
          return 0;
        });
  }

  // Things to work on.

  /** An empty regular file of mode 0644. */
  void file(String name) {
    file(name, 0644);
  }

  void file(String name, int mode) {
    linux.close(ok(open(name, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL, mode)));
  }

  void file(String name, String content) {
    int fd = ok(open(name, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL, 0644));
    same(content.length(), ok(write(fd, content)));
    linux.close(fd);
  }

  void directory(String name) {
    directory(name, 0755);
  }

  void directory(String name, int mode) {
    ok(mkdir(name, mode));
  }

  void make(FileKind kind, String name) {
    make(kind, name, 0644);
  }

  void make(FileKind kind, String name, int mode) {
    switch (kind) {
      case DIRECTORY -> directory(name, mode | 0111);
      case SYMLINK -> ok(symlink("nowhere", name));
      default -> ok(mknod(name, kind.bits() | mode, kind.isDevice() ? 0x103 : 0));
    }
  }

  /** Gives it away; a symbolic link itself. */
  void give(String name, Identity to) {
    ok(linux.fchownat(AT_FDCWD, name, to.uid(), to.gid(), AT_SYMLINK_NOFOLLOW));
  }

  /** A directory of somebody's. */
  void directoryOf(Identity who, String name, int mode) {
    directory(name, mode);
    give(name, who);
    ok(chmod(name, mode));
  }

  void fileOf(Identity who, String name, int mode) {
    file(name, 0600);
    give(name, who);
    ok(chmod(name, mode));
  }

  // Calls, in the working directory.

  /** Open until the case ends or {@link #close}. */
  int fd(String name, int flags) {
    return fd(name, flags, 0644);
  }

  int fd(String name, int flags, int mode) {
    return kept(open(name, flags, mode));
  }

  /** What a call opened, closed at the case's end. */
  int kept(long answer) {
    int fd = ok(answer);
    opened.add(fd);
    return fd;
  }

  long close(int fd) {
    opened.remove(fd);
    return linux.close(fd);
  }

  long open(String name, int flags) {
    return open(name, flags, 0644);
  }

  long open(String name, int flags, int mode) {
    return linux.openat(AT_FDCWD, name, flags, mode);
  }

  long mkdir(String name, int mode) {
    return linux.mkdirat(AT_FDCWD, name, mode);
  }

  long rmdir(String name) {
    return linux.unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
  }

  long unlink(String name) {
    return linux.unlinkat(AT_FDCWD, name, 0);
  }

  long mknod(String name, int mode, long device) {
    return linux.mknodat(AT_FDCWD, name, mode, device);
  }

  long symlink(String target, String name) {
    return linux.symlinkat(target, AT_FDCWD, name);
  }

  long link(String from, String to) {
    return linux.linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
  }

  long rename(String from, String to) {
    return rename(from, to, 0);
  }

  long rename(String from, String to, int flags) {
    return linux.renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
  }

  long chmod(String name, int mode) {
    return linux.fchmodat(AT_FDCWD, name, mode);
  }

  long chown(String name, int uid, int gid) {
    return linux.fchownat(AT_FDCWD, name, uid, gid, 0);
  }

  long lchown(String name, int uid, int gid) {
    return linux.fchownat(AT_FDCWD, name, uid, gid, AT_SYMLINK_NOFOLLOW);
  }

  long access(String name, int mode) {
    return linux.faccessat2(AT_FDCWD, name, mode, 0);
  }

  long write(int fd, String content) {
    return linux.write(fd, NativeMemory.of(NativeMemory.bytes(content)), content.length());
  }

  long pwrite(int fd, String content, long offset) {
    return linux.pwrite(fd, NativeMemory.of(NativeMemory.bytes(content)), content.length(), offset);
  }

  /** What lies there, cut at the end of the file. */
  String pread(int fd, int bytes, long offset) {
    ByteBuffer into = NativeMemory.allocate(bytes);
    int got = ok(linux.pread(fd, into, bytes, offset));
    return NativeMemory.text(NativeMemory.bytes(into, 0, got));
  }

  /** The whole of a small file. */
  String content(String name) {
    int fd = ok(open(name, Open.O_RDONLY));
    String content = pread(fd, 1 << 20, 0);
    linux.close(fd);
    return content;
  }

  String readlink(String name) {
    ByteBuffer into = NativeMemory.allocate(8192);
    int bytes = ok(linux.readlinkat(AT_FDCWD, name, into, 8192));
    return NativeMemory.text(NativeMemory.bytes(into, 0, bytes));
  }

  /** Whether the name itself is there. */
  boolean exists(String name) {
    return linux.faccessat2(AT_FDCWD, name, 0, AT_SYMLINK_NOFOLLOW) == 0;
  }

  Statx stat(String name) throws LinuxException {
    return linux.statx(AT_FDCWD, name, 0, Statx.ALL);
  }

  Statx lstat(String name) throws LinuxException {
    return linux.statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, Statx.ALL);
  }

  Statx fstat(int fd) throws LinuxException {
    return linux.statx(fd, "", AT_EMPTY_PATH, Statx.ALL);
  }

  /** Without the two dots. */
  Set<String> names(String name) throws LinuxException {
    int fd = ok(open(name, Open.O_RDONLY | Open.O_DIRECTORY));
    Set<String> names = new TreeSet<>();
    for (var entries = linux.getdents(fd, 65_536);
        !entries.isEmpty();
        entries = linux.getdents(fd, 65_536)) {
      entries.stream().map(DirectoryEntry::name).forEach(names::add);
    }
    linux.close(fd);
    names.removeAll(Arrays.asList(".", ".."));
    return names;
  }

  /**
   * Waits until the clock that file times are taken from has moved on, so that a later change has a
   * later time: it ticks, every 10 ms at the slowest.
   */
  void nextTick() throws InterruptedException {
    Thread.sleep(12);
  }
}
