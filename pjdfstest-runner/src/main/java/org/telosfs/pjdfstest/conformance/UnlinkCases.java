package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBUSY;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EISDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTEMPTY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;

import java.util.Set;
import org.telosfs.pjdfstest.syscall.Statx;

/** unlink(2), rmdir(2), unlinkat(2). */
final class UnlinkCases implements CaseTable {
  @Override
  public String name() {
    return "unlink";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      if (kind != FileKind.DIRECTORY) {
        defineKind(cases, kind);
      }
    }
    defineFiles(cases);
    defineDirectories(cases);
  }

  private static void defineKind(CaseList cases, FileKind kind) {
    cases.add(
        kind.word(),
        t -> {
          t.make(kind, "f");
          Statx before = t.stat(".");
          t.nextTick();
          t.ok(t.unlink("f"));
          t.same(Set.of(), t.names("."));
          Statx after = t.stat(".");
          t.holds(after.modified().compareTo(before.modified()) > 0, "the parent's mtime");
          t.holds(after.changed().compareTo(before.changed()) > 0, "the parent's ctime");
        });
    cases.add(
        kind.word() + "-with-another-link",
        t -> {
          t.make(kind, "f");
          t.ok(t.link("f", "g"));
          Statx before = t.lstat("g");
          t.nextTick();
          t.ok(t.unlink("f"));
          Statx after = t.lstat("g");
          t.same(1, after.links());
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          t.same(before.modified(), after.modified());
        });
    cases.add(
        kind.word() + "-by-rmdir",
        t -> {
          t.make(kind, "f");
          t.fails(ENOTDIR, t.rmdir("f"));
          t.holds(t.exists("f"), "it is still there");
        });
    cases.add(
        kind.word() + "-with-trailing-slash",
        t -> {
          t.make(kind, "f");
          if (kind != FileKind.SYMLINK) {
            t.fails(ENOTDIR, t.unlink("f/"));
          }
          t.holds(t.exists("f"), "it is still there");
        });
  }

  private static void defineFiles(CaseList cases) {
    cases.add(
        "directory",
        t -> {
          t.directory("d");
          t.fails(EISDIR, t.unlink("d"));
          t.fails(EISDIR, t.unlink("d/"));
          t.fails(EISDIR, t.unlink("."));
          t.fails(EISDIR, t.unlink(".."));
          t.directoryOf(ALICE, "own", 0755);
          t.as(
              ALICE,
              () -> {
                t.directory("own/d");
                t.fails(EISDIR, t.unlink("own/d"));
              });
        });
    cases.add(
        "symlink-leaves-its-target",
        t -> {
          t.directory("d");
          t.ok(t.symlink("d", "l"));
          t.fails(ENOTDIR, t.unlink("l/"));
          t.ok(t.unlink("l"));
          t.holds(t.exists("d"), "the target is there");
        });
    cases.add(
        "without-write-permission-on-the-directory",
        t -> {
          t.directory("d", 0755);
          t.fileOf(ALICE, "d/f", 0666);
          t.as(ALICE, () -> t.fails(EACCES, t.unlink("d/f")));
        });
    cases.add(
        "needs-no-permission-on-the-file",
        t -> {
          t.directoryOf(ALICE, "d", 0755);
          t.fileOf(BOB, "d/f", 0);
          t.as(ALICE, () -> t.ok(t.unlink("d/f")));
        });
    cases.add(
        "unknown-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().unlinkat(AT_FDCWD, "f", 1));
        });
    cases.add(
        "open-file-keeps-its-space-until-closed",
        t -> {
          t.file("f", "x".repeat(1 << 16));
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.unlink("f"));
          t.same(0, t.fstat(fd).links());
          t.same("x".repeat(1 << 16), t.pread(fd, 1 << 17, 0));
          t.holds(t.fstat(fd).blocks512() > 0, "it has blocks");
        });
    cases.add(
        "a-new-file-of-that-name-is-another",
        t -> {
          t.file("f", "old");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.unlink("f"));
          t.file("f", "new");
          t.holds(t.fstat(fd).inode() != t.stat("f").inode(), "another inode");
          t.same("old", t.pread(fd, 8, 0));
          t.same("new", t.content("f"));
        });
  }

  private static void defineDirectories(CaseList cases) {
    cases.add(
        "rmdir",
        t -> {
          t.directory("p");
          t.directory("p/d");
          Statx before = t.stat("p");
          t.nextTick();
          t.ok(t.rmdir("p/d"));
          Statx after = t.stat("p");
          t.same(Set.of(), t.names("p"));
          t.same(2, after.links());
          t.holds(after.modified().compareTo(before.modified()) > 0, "the parent's mtime");
          t.holds(after.changed().compareTo(before.changed()) > 0, "the parent's ctime");
        });
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "rmdir-of-directory-with-" + kind.word(),
          t -> {
            t.directory("d");
            t.make(kind, "d/f");
            t.fails(ENOTEMPTY, t.rmdir("d"));
            t.same(Set.of("f"), t.names("d"));
          });
    }
    cases.add(
        "rmdir-of-dots",
        t -> {
          t.directory("d");
          t.directory("d/e");
          t.fails(EINVAL, t.rmdir("."));
          t.fails(EINVAL, t.rmdir("d/."));
          t.fails(ENOTEMPTY, t.rmdir("d/e/.."));
          t.fails(EBUSY, t.rmdir("/"));
        });
    cases.add(
        "rmdir-with-trailing-slash",
        t -> {
          t.directory("d");
          t.ok(t.rmdir("d/"));
          t.directory("e");
          t.ok(t.symlink("e", "l"));
          t.fails(ENOTDIR, t.rmdir("l/"));
        });
    cases.add(
        "rmdir-of-working-directory",
        t -> {
          t.directory("d");
          t.as(
              org.telosfs.pjdfstest.syscall.Identity.ROOT,
              () -> {
                t.ok(t.sys().chdir("d"));
                t.ok(t.rmdir("../d"));
                t.same(0, t.stat(".").links());
              });
        });
    cases.add(
        "rmdir-without-write-permission",
        t -> {
          t.directory("p", 0755);
          t.directoryOf(ALICE, "p/d", 0777);
          t.as(ALICE, () -> t.fails(EACCES, t.rmdir("p/d")));
        });
    cases.add(
        "rmdir-after-its-last-name-is-gone",
        t -> {
          t.directory("d");
          for (int i = 0; i < 1000; i++) {
            t.file("d/f" + i);
          }
          for (int i = 0; i < 1000; i++) {
            t.ok(t.unlink("d/f" + i));
          }
          t.ok(t.rmdir("d"));
        });
  }
}
