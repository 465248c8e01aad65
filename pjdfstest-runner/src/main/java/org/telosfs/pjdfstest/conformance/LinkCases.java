package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_FOLLOW;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EMLINK;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Errno.EXDEV;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import org.telosfs.pjdfstest.syscall.Statx;

/** link(2), linkat(2). */
final class LinkCases implements CaseTable {
  /** What ext4 allows, and with it what programs may count on. */
  private static final int LINKS = 65_000;

  @Override
  public String name() {
    return "link";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      if (kind != FileKind.DIRECTORY) {
        defineLink(cases, kind);
      }
      cases.add(
          "to-existing-" + kind.word(),
          t -> {
            t.file("f");
            t.make(kind, "g");
            t.fails(EEXIST, t.link("f", "g"));
            t.same(1, t.stat("f").links());
          });
    }
    defineRefusals(cases);
    defineSymlinks(cases);
    defineDescriptors(cases);
    defineMost(cases);
  }

  private static void defineLink(CaseList cases, FileKind kind) {
    cases.add(
        kind.word(),
        t -> {
          t.directory("d");
          t.make(kind, "f");
          Statx before = t.lstat("f");
          Statx parent = t.stat("d");
          t.nextTick();
          t.ok(t.link("f", "d/g"));
          Statx after = t.lstat("d/g");
          t.same(before.inode(), after.inode());
          t.same(2, after.links());
          t.same(2, t.lstat("f").links());
          t.same(before.modified(), after.modified());
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          t.holds(t.stat("d").modified().compareTo(parent.modified()) > 0, "the parent's mtime");
          t.ok(t.unlink("f"));
          t.same(1, t.lstat("d/g").links());
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "directory",
        t -> {
          t.directory("d");
          t.fails(EPERM, t.link("d", "e"));
          t.fails(EPERM, t.link(".", "e"));
          t.fails(EPERM, t.link("d/", "e"));
          t.directoryOf(ALICE, "own", 0755);
          t.as(
              ALICE,
              () -> {
                t.directory("own/d");
                t.fails(EPERM, t.link("own/d", "own/e"));
              });
        });
    cases.add("to-another-file-system", t -> t.fails(EXDEV, t.link("/proc/version", "f")));
    cases.add(
        "without-write-permission-on-the-directory",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.directory("d", 0755);
          t.as(ALICE, () -> t.fails(EACCES, t.link("f", "d/g")));
        });
    cases.add(
        "with-trailing-slash",
        t -> {
          t.file("f");
          t.fails(ENOENT, t.link("f", "g/"));
          t.fails(ENOTDIR, t.link("f/", "g"));
        });
    cases.add(
        "with-unknown-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().linkat(AT_FDCWD, "f", AT_FDCWD, "g", 1));
        });
    cases.add(
        "onto-itself",
        t -> {
          t.file("f");
          t.fails(EEXIST, t.link("f", "f"));
        });
  }

  private static void defineSymlinks(CaseList cases) {
    cases.add(
        "symlink-is-not-followed",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.ok(t.link("l", "m"));
          t.same("f", t.readlink("m"));
          t.same(1, t.stat("f").links());
        });
    cases.add(
        "symlink-followed-on-request",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.ok(t.sys().linkat(AT_FDCWD, "l", AT_FDCWD, "m", AT_SYMLINK_FOLLOW));
          t.same(t.stat("f").inode(), t.lstat("m").inode());
          t.ok(t.symlink("absent", "dangling"));
          t.fails(ENOENT, t.sys().linkat(AT_FDCWD, "dangling", AT_FDCWD, "n", AT_SYMLINK_FOLLOW));
        });
    cases.add(
        "to-a-dangling-symlink",
        t -> {
          t.file("f");
          t.ok(t.symlink("absent", "l"));
          t.fails(EEXIST, t.link("f", "l"));
          t.holds(!t.exists("absent"), "nothing was made");
        });
  }

  private static void defineDescriptors(CaseList cases) {
    cases.add(
        "open-file-by-empty-path",
        t -> {
          t.file("f", "content");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().linkat(fd, "", AT_FDCWD, "g", AT_EMPTY_PATH));
          t.same("content", t.content("g"));
          t.same(2, t.fstat(fd).links());
        });
    cases.add(
        "path-descriptor-by-empty-path",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_PATH);
          t.ok(t.sys().linkat(fd, "", AT_FDCWD, "g", AT_EMPTY_PATH));
          t.same(2, t.stat("g").links());
        });
    cases.add(
        "open-file-through-proc",
        t -> {
          t.file("f", "content");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().linkat(AT_FDCWD, "/proc/self/fd/" + fd, AT_FDCWD, "g", AT_SYMLINK_FOLLOW));
          t.same("content", t.content("g"));
        });
    cases.add(
        "removed-file-stays-removed",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.unlink("f"));
          t.fails(ENOENT, t.sys().linkat(fd, "", AT_FDCWD, "g", AT_EMPTY_PATH));
          t.fails(
              ENOENT,
              t.sys().linkat(AT_FDCWD, "/proc/self/fd/" + fd, AT_FDCWD, "g", AT_SYMLINK_FOLLOW));
        });
  }

  private static void defineMost(CaseList cases) {
    cases.add(
        "as-many-as-there-may-be",
        t -> {
          t.directory("d");
          t.file("f");
          long answer = 0;
          int links = 1;
          while (answer == 0 && links <= LINKS) {
            answer = t.link("f", "d/" + links);
            links += answer == 0 ? 1 : 0;
          }
          t.holds(links >= LINKS, "at least " + LINKS + " links, but " + links);
          t.same(links, t.stat("f").links());
          if (answer != 0) { // Others allow more.
            t.fails(EMLINK, answer);
            t.fails(EMLINK, t.link("f", "g"));
            t.ok(t.unlink("d/1"));
            t.ok(t.link("f", "g"));
            t.fails(EMLINK, t.link("f", "h"));
            t.same(LINKS, t.stat("f").links());
          }
          t.ok(t.unlink("f"));
          t.same(links - 1, t.stat("d/2").links());
        });
  }
}
