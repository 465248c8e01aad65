package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.F_OK;
import static org.telosfs.pjdfstest.syscall.Abi.F_SETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_WRLCK;
import static org.telosfs.pjdfstest.syscall.Abi.MAP_SHARED;
import static org.telosfs.pjdfstest.syscall.Abi.PROT_READ;
import static org.telosfs.pjdfstest.syscall.Abi.R_OK;
import static org.telosfs.pjdfstest.syscall.Abi.UTIME_NOW;
import static org.telosfs.pjdfstest.syscall.Abi.UTIME_OMIT;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.ENODATA;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_EXCL;
import static org.telosfs.pjdfstest.syscall.Open.O_NOATIME;
import static org.telosfs.pjdfstest.syscall.Open.O_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_TRUNC;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.List;
import org.telosfs.pjdfstest.syscall.FileLock;
import org.telosfs.pjdfstest.syscall.FileTimes;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.MappedMemory;
import org.telosfs.pjdfstest.syscall.Statx;

/** Which times each call updates, on what it works on and on the directory around it, by POSIX. */
final class TimesCases implements CaseTable {
  private static final long ST_NOATIME = 0x400;

  @Override
  public String name() {
    return "times";
  }

  private interface Action {
    void on(Sandbox t) throws Exception;
  }

  /** {@code file} and {@code directory}: letters of the times that must change, no others may. */
  private record Update(String word, FileKind kind, Action action, String file, String directory) {}

  private static Update file(String word, String file, String directory, Action action) {
    return new Update(word, FileKind.REGULAR, action, file, directory);
  }

  private static final List<Update> UPDATES =
      List.of(
          file("stat", "", "", t -> t.stat("d/f")),
          file("access", "", "", t -> t.ok(t.access("d/f", R_OK))),
          file("open-for-reading", "", "", t -> t.fd("d/f", O_RDONLY)),
          file("open-for-writing", "", "", t -> t.fd("d/f", O_RDWR)),
          file("open-with-create", "", "", t -> t.fd("d/f", O_RDWR | O_CREAT)),
          file("open-with-truncate", "mc", "", t -> t.fd("d/f", O_WRONLY | O_TRUNC)),
          file("read", "a", "", t -> t.pread(t.fd("d/f", O_RDONLY), 4, 0)),
          file("write", "mc", "", t -> t.ok(t.write(t.fd("d/f", O_WRONLY), "x"))),
          file("append", "mc", "", t -> t.ok(t.write(t.fd("d/f", O_WRONLY | O_APPEND), "x"))),
          file("write-nothing", "", "", t -> t.ok(t.write(t.fd("d/f", O_WRONLY), ""))),
          file("fsync", "", "", t -> t.ok(t.sys().fsync(t.fd("d/f", O_RDWR)))),
          file("truncate", "mc", "", t -> t.ok(t.sys().truncate("d/f", 2))),
          file("ftruncate", "mc", "", t -> t.ok(t.sys().ftruncate(t.fd("d/f", O_RDWR), 99))),
          file("chmod", "c", "", t -> t.ok(t.chmod("d/f", 0600))),
          file("chmod-to-the-same", "c", "", t -> t.ok(t.chmod("d/f", 0644))),
          file("chown", "c", "", t -> t.ok(t.chown("d/f", 5, 6))),
          file("link", "c", "mc", t -> t.ok(t.link("d/f", "d/g"))),
          file("link-elsewhere", "c", "", t -> t.ok(t.link("d/f", "g"))),
          file("rename-within", "c", "mc", t -> t.ok(t.rename("d/f", "d/f2"))),
          file("rename-away", "c", "mc", t -> t.ok(t.rename("d/f", "f2"))),
          file(
              "setxattr", "c", "", t -> t.ok(t.sys().setxattr("d/f", "user.a", new byte[] {1}, 0))),
          file(
              "removexattr-of-none",
              "",
              "",
              t -> t.fails(ENODATA, t.sys().removexattr("d/f", "user.a"))),
          file("listxattr", "", "", t -> t.ok(t.sys().listxattr("d/f", null, 0))),
          file(
              "utimensat-of-mtime",
              "mc",
              "",
              t ->
                  t.ok(
                      t.sys()
                          .utimensat(AT_FDCWD, "d/f", FileTimes.nanos(UTIME_OMIT, UTIME_NOW), 0))),
          file(
              "utimensat-of-atime",
              "ac",
              "",
              t ->
                  t.ok(
                      t.sys()
                          .utimensat(AT_FDCWD, "d/f", FileTimes.nanos(UTIME_NOW, UTIME_OMIT), 0))),
          file(
              "lock",
              "",
              "",
              t -> t.ok(t.sys().lock(t.fd("d/f", O_RDWR), F_SETLK, FileLock.of(F_WRLCK, 0, 0)))),
          file("refused-link", "", "", t -> t.fails(EEXIST, t.link("d/f", "d/f"))),
          file("refused-mkdir", "", "", t -> t.fails(EEXIST, t.mkdir("d/f", 0755))),
          file("refused-create", "", "", t -> t.fails(EEXIST, t.open("d/f", O_CREAT | O_EXCL))),
          file("lookup-of-nothing", "", "", t -> t.fails(ENOENT, t.access("d/absent", F_OK))),
          file("create-beside", "", "mc", t -> t.file("d/g")),
          file("mkdir-beside", "", "mc", t -> t.directory("d/g")),
          file("symlink-beside", "", "mc", t -> t.ok(t.symlink("x", "d/g"))),
          file("mknod-beside", "", "mc", t -> t.make(FileKind.FIFO, "d/g")),
          file("read-directory", "", "a", t -> t.names("d")),
          file("chmod-of-the-directory", "", "c", t -> t.ok(t.chmod("d", 0700))),
          file("rename-of-the-directory", "", "c", t -> t.ok(t.rename("d", "e"))),
          new Update("readlink", FileKind.SYMLINK, t -> t.readlink("d/f"), "a", ""),
          new Update(
              "follow", FileKind.SYMLINK, t -> t.fails(ENOENT, t.access("d/f", F_OK)), "a", ""),
          new Update("lchown", FileKind.SYMLINK, t -> t.ok(t.lchown("d/f", 5, 6)), "c", ""),
          new Update("create-within", FileKind.DIRECTORY, t -> t.file("d/f/x"), "mc", ""),
          new Update(
              "rename-directory-within",
              FileKind.DIRECTORY,
              t -> t.ok(t.rename("d/f", "d/g")),
              "c",
              "mc"),
          new Update("open-fifo", FileKind.FIFO, t -> t.fd("d/f", O_RDWR), "", ""),
          new Update("chmod-fifo", FileKind.FIFO, t -> t.ok(t.chmod("d/f", 0600)), "c", ""));

  @Override
  public void define(CaseList cases) {
    for (Update update : UPDATES) {
      cases.add(update.word(), t -> check(t, update));
    }
    cases.add(
        "unlink-of-another-link",
        t -> {
          t.file("f");
          t.ok(t.link("f", "g"));
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.unlink("g"));
          t.same("c", changed(before, t.stat("f")));
        });
    cases.add(
        "removexattr",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", new byte[] {1}, 0));
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.sys().removexattr("f", "user.a"));
          t.same("c", changed(before, t.stat("f")));
        });
    cases.add(
        "new-file-has-one-time",
        t -> {
          t.file("f");
          Statx made = t.stat("f");
          t.same(made.modified(), made.changed());
          t.same(made.modified(), made.accessed());
          t.same(made.modified(), made.born());
        });
    cases.add(
        "read-at-once-after-a-write-updates-atime",
        Need.KERNEL_TELLS_OF_EVERY_READ,
        t -> readAfterWrite(t, 0));
    cases.add("read-some-time-after-a-write-updates-atime", t -> readAfterWrite(t, 500));
    cases.add(
        "read-of-a-file-not-read-for-a-day-updates-atime",
        t -> {
          needsAccessTimes(t);
          t.file("f", "abc");
          Statx now = t.stat("f");
          long earlier = now.modified().seconds() - 100_000;
          t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(earlier, earlier - 10), 0));
          t.pread(t.fd("f", O_RDONLY), 1, 0);
          t.holds(t.stat("f").accessed().compareTo(now.modified()) >= 0, "atime is now");
        });
    cases.add(
        "read-with-noatime",
        t -> {
          t.file("f", "abc");
          Statx before = t.stat("f");
          t.nextTick();
          t.same("abc", t.pread(t.fd("f", O_RDONLY | O_NOATIME), 3, 0));
          t.same("", changed(before, t.stat("f")));
        });
    cases.add(
        "mmap-load-updates-atime",
        t -> {
          needsAccessTimes(t);
          t.file("f", "abc");
          Statx before = t.stat("f");
          t.nextTick();
          MappedMemory memory = t.sys().mmap(t.fd("f", O_RDONLY), 0, 4096, PROT_READ, MAP_SHARED);
          t.same((byte) 'a', memory.get(0));
          t.ok(memory.unmap());
          t.same("a", changed(before, t.stat("f")));
        });
  }

  private static void readAfterWrite(Sandbox t, int pauseMillis) throws Exception {
    needsAccessTimes(t);
    t.file("f", "abc");
    t.pread(t.fd("f", O_RDONLY), 1, 0);
    t.nextTick();
    int fd = t.fd("f", O_RDWR);
    t.ok(t.write(fd, "x"));
    Statx before = t.stat("f");
    t.nextTick();
    Thread.sleep(pauseMillis);
    t.pread(fd, 1, 0);
    t.same("a", changed(before, t.stat("f")));
  }

  private static void needsAccessTimes(Sandbox t) throws LinuxException {
    if ((t.sys().statfs(t.fd(".", O_RDONLY)).flags() & ST_NOATIME) != 0) {
      throw t.notRun("it is mounted with noatime");
    }
  }

  private static void check(Sandbox t, Update update) throws Exception {
    if ((update.file() + update.directory()).contains("a")) {
      needsAccessTimes(t);
    }
    t.directory("d");
    if (update.kind() == FileKind.REGULAR) {
      t.file("d/f", "content");
    } else {
      t.make(update.kind(), "d/f");
    }
    int file = t.fd("d/f", O_PATH | O_NOFOLLOW);
    int directory = t.fd("d", O_PATH);
    Statx fileBefore = t.fstat(file);
    Statx directoryBefore = t.fstat(directory);
    t.nextTick();
    update.action().on(t);
    t.same("times of the file", update.file(), changed(fileBefore, t.fstat(file)));
    t.same(
        "times of its directory", update.directory(), changed(directoryBefore, t.fstat(directory)));
  }

  private static String changed(Statx before, Statx after) {
    return (after.accessed().equals(before.accessed()) ? "" : "a")
        + (after.modified().equals(before.modified()) ? "" : "m")
        + (after.changed().equals(before.changed()) ? "" : "c");
  }
}
