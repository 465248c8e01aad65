package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_FOLLOW;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_EXCL;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_TMPFILE;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.HashSet;
import java.util.Set;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;

/** open(2) with O_TMPFILE, and giving such files a name. */
final class TmpfileCases implements CaseTable {
  @Override
  public String name() {
    return "tmpfile";
  }

  private static String proc(int fd) {
    return "/proc/self/fd/" + fd;
  }

  private static long linkThroughProc(Sandbox t, int fd, String to) {
    return t.sys().linkat(AT_FDCWD, proc(fd), AT_FDCWD, to, AT_SYMLINK_FOLLOW);
  }

  @Override
  public void define(CaseList cases) {
    defineFile(cases);
    defineNames(cases);
    defineRefusals(cases);
  }

  private static void defineFile(CaseList cases) {
    cases.add(
        "has-no-name",
        t -> {
          Statx before = t.stat(".");
          t.nextTick();
          int fd = t.fd(".", O_TMPFILE | O_RDWR, 0640);
          Statx seen = t.fstat(fd);
          t.same(0, seen.links());
          t.sameMode(0100640, seen.mode());
          t.same(0L, seen.sizeBytes());
          t.same(Set.of(), t.names("."));
          t.same(before.modified(), t.stat(".").modified());
          t.same(before.changed(), t.stat(".").changed());
        });
    cases.add(
        "reads-and-writes",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR, 0600);
          t.ok(t.write(fd, "x".repeat(100_000)));
          t.ok(t.sys().fsync(fd));
          t.same("x".repeat(100_000), t.pread(fd, 200_000, 0));
          t.ok(t.sys().ftruncate(fd, 5));
          t.same("xxxxx", t.pread(fd, 10, 0));
          t.ok(t.sys().fchmod(fd, 0400));
          t.ok(t.sys().fchown(fd, 5, 6));
          t.same(5, t.fstat(fd).uid());
        });
    cases.add(
        "write-only",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_WRONLY, 0600);
          t.ok(t.write(fd, "abc"));
          t.fails(EBADF, t.sys().read(fd, NativeMemory.allocate(4), 4));
          t.ok(linkThroughProc(t, fd, "f"));
          t.same("abc", t.content("f"));
        });
    cases.add(
        "mode-under-umask-and-owner",
        t -> {
          t.directory("d", 0777);
          t.as(
              ALICE,
              027,
              () -> {
                int fd = t.fd("d", O_TMPFILE | O_RDWR, 0666);
                Statx seen = t.fstat(fd);
                t.sameMode(0640, seen.permissions());
                t.same(ALICE.uid(), seen.uid());
                t.same(ALICE.gid(), seen.gid());
              });
        });
    cases.add(
        "in-a-setgid-directory",
        t -> {
          t.directory("d");
          t.ok(t.chown("d", 0, TEAM));
          t.ok(t.chmod("d", 02777));
          t.as(ALICE, () -> t.same(TEAM, t.fstat(t.fd("d", O_TMPFILE | O_RDWR)).gid()));
        });
    cases.add(
        "mode-zero-is-writable-by-its-maker",
        t -> {
          t.directory("d", 0777);
          t.as(
              ALICE,
              () -> {
                int fd = t.fd("d", O_TMPFILE | O_RDWR, 0);
                t.ok(t.write(fd, "abc"));
                t.same("abc", t.pread(fd, 4, 0));
              });
        });
    cases.add(
        "many-at-once-are-different-files",
        t -> {
          Set<Long> inodes = new HashSet<>();
          for (int i = 0; i < 50; i++) {
            inodes.add(t.fstat(t.fd(".", O_TMPFILE | O_RDWR)).inode());
          }
          t.same(50, inodes.size());
        });
    cases.add(
        "in-a-directory-removed-later",
        t -> {
          t.directory("d");
          int fd = t.fd("d", O_TMPFILE | O_RDWR);
          t.ok(t.rmdir("d"));
          t.ok(t.write(fd, "abc"));
          t.ok(linkThroughProc(t, fd, "f"));
          t.same("abc", t.content("f"));
        });
    cases.add(
        "reopened-through-proc",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(t.write(fd, "abc"));
          t.same("abc", t.content(proc(fd)));
        });
    cases.add(
        "extended-attributes",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(t.sys().fsetxattr(fd, "user.a", NativeMemory.bytes("value"), 0));
          t.ok(linkThroughProc(t, fd, "f"));
          t.same(5, t.ok(t.sys().getxattr("f", "user.a", null, 0)));
        });
  }

  private static void defineNames(CaseList cases) {
    cases.add(
        "linked-through-proc",
        t -> {
          t.directory("d");
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(t.write(fd, "content"));
          Statx before = t.fstat(fd);
          t.nextTick();
          t.ok(linkThroughProc(t, fd, "d/f"));
          Statx after = t.stat("d/f");
          t.same(before.inode(), after.inode());
          t.same(1, after.links());
          t.same(1, t.fstat(fd).links());
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          t.same("content", t.content("d/f"));
          t.ok(t.close(fd));
          t.same("content", t.content("d/f"));
        });
    cases.add(
        "linked-by-empty-path",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(t.write(fd, "content"));
          t.ok(t.sys().linkat(fd, "", AT_FDCWD, "f", AT_EMPTY_PATH));
          t.same("content", t.content("f"));
        });
    cases.add(
        "linked-twice",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(linkThroughProc(t, fd, "f"));
          t.ok(linkThroughProc(t, fd, "g"));
          t.same(2, t.fstat(fd).links());
        });
    cases.add(
        "linked-and-removed-stays-removed",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(linkThroughProc(t, fd, "f"));
          t.ok(t.unlink("f"));
          t.same(0, t.fstat(fd).links());
          t.fails(ENOENT, linkThroughProc(t, fd, "g"));
        });
    cases.add(
        "exclusive-is-never-linked",
        t -> {
          int fd = t.fd(".", O_TMPFILE | O_RDWR | O_EXCL);
          t.fails(ENOENT, linkThroughProc(t, fd, "f"));
          t.fails(ENOENT, t.sys().linkat(fd, "", AT_FDCWD, "f", AT_EMPTY_PATH));
        });
    cases.add(
        "linked-to-existing",
        t -> {
          t.file("f");
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.fails(EEXIST, linkThroughProc(t, fd, "f"));
          t.same(0, t.fstat(fd).links());
        });
    cases.add(
        "replaces-a-file-by-rename",
        t -> {
          t.file("f", "old");
          int fd = t.fd(".", O_TMPFILE | O_RDWR);
          t.ok(t.write(fd, "new"));
          t.ok(linkThroughProc(t, fd, "f.new"));
          t.ok(t.rename("f.new", "f"));
          t.same("new", t.content("f"));
          t.same(Set.of("f"), t.names("."));
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add("read-only", t -> t.fails(EINVAL, t.open(".", O_TMPFILE | O_RDONLY)));
    cases.add(
        "below-a-file",
        t -> {
          t.file("f");
          t.fails(ENOTDIR, t.open("f", O_TMPFILE | O_RDWR));
        });
    cases.add("below-nothing", t -> t.fails(ENOENT, t.open("d", O_TMPFILE | O_RDWR)));
    cases.add(
        "without-write-permission-on-the-directory",
        t -> {
          t.directory("d", 0755);
          t.as(ALICE, () -> t.fails(EACCES, t.open("d", O_TMPFILE | O_RDWR)));
        });
    cases.add("with-create", t -> t.fails(EINVAL, t.open(".", O_TMPFILE | O_RDWR | O_CREAT)));
  }
}
