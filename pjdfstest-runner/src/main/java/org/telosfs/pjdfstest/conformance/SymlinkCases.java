package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENAMETOOLONG;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;

import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** symlink(2), readlink(2). */
final class SymlinkCases implements CaseTable {
  @Override
  public String name() {
    return "symlink";
  }

  @Override
  public void define(CaseList cases) {
    for (int length : List.of(1, 59, 60, 61, 255, 256, 1000, 4094, 4095)) {
      cases.add(
          "target-of-" + length + "-bytes",
          t -> {
            String target = "./".repeat(length / 2) + "x".repeat(length % 2);
            t.ok(t.symlink(target, "l"));
            t.same(target, t.readlink("l"));
            t.same((long) length, t.lstat("l").sizeBytes());
          });
    }
    cases.add("target-too-long", t -> t.fails(ENAMETOOLONG, t.symlink("x".repeat(4096), "l")));
    cases.add("empty-target", t -> t.fails(ENOENT, t.symlink("", "l")));
    cases.add(
        "bad-address-of-target",
        t -> t.fails(EFAULT, t.sys().call(SystemCall.SYMLINKAT, 1L, AT_FDCWD, "l")));
    cases.add(
        "any-bytes-as-target",
        t -> {
          StringBuilder all = new StringBuilder();
          for (char c = 1; c < 256; c++) {
            all.append(c);
          }
          t.ok(t.symlink(all.toString(), "l"));
          t.same(all.toString(), t.readlink("l"));
        });
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "existing-" + kind.word(),
          t -> {
            t.make(kind, "f");
            t.fails(EEXIST, t.symlink("target", "f"));
          });
      if (kind != FileKind.SYMLINK) {
        cases.add(
            "readlink-of-" + kind.word(),
            t -> {
              t.make(kind, "f");
              t.fails(EINVAL, t.sys().readlinkat(AT_FDCWD, "f", NativeMemory.allocate(8), 8));
            });
      }
    }
    cases.add(
        "has-all-permissions-and-one-link",
        t -> {
          t.ok(t.symlink("target", "l"));
          Statx seen = t.lstat("l");
          t.sameMode(0120777, seen.mode());
          t.same(1, seen.links());
        });
    cases.add(
        "umask-plays-no-part",
        t -> {
          t.ok(t.chmod(".", 0777));
          t.as(ALICE, 077, () -> t.ok(t.symlink("target", "l")));
          t.sameMode(0120777, t.lstat("l").mode());
          t.same(ALICE.uid(), t.lstat("l").uid());
        });
    cases.add(
        "trailing-slash",
        t -> {
          t.fails(ENOENT, t.symlink("target", "l/"));
          t.directory("d");
          t.fails(EEXIST, t.symlink("target", "d/"));
        });
    cases.add(
        "without-write-permission",
        t -> {
          t.directory("d", 0755);
          t.as(ALICE, () -> t.fails(EACCES, t.symlink("target", "d/l")));
        });
    cases.add(
        "updates-its-directory",
        t -> {
          Statx before = t.stat(".");
          t.nextTick();
          t.ok(t.symlink("target", "l"));
          t.holds(t.stat(".").modified().compareTo(before.modified()) > 0, "mtime went on");
        });
    cases.add(
        "readlink-cuts-at-the-buffer",
        t -> {
          t.ok(t.symlink("0123456789", "l"));
          ByteBuffer into = NativeMemory.allocate(8);
          t.same(4, t.ok(t.sys().readlinkat(AT_FDCWD, "l", into, 4)));
          t.same("0123\0", NativeMemory.text(NativeMemory.bytes(into, 0, 5)));
          t.fails(EINVAL, t.sys().readlinkat(AT_FDCWD, "l", into, 0));
          t.fails(EINVAL, t.sys().readlinkat(AT_FDCWD, "l", into, -1));
          t.fails(EFAULT, t.sys().call(SystemCall.READLINKAT, AT_FDCWD, "l", 1L, 8));
        });
    cases.add(
        "readlink-needs-no-permission-on-it",
        t -> {
          t.ok(t.symlink("target", "l"));
          t.as(ALICE, () -> t.same("target", t.readlink("l")));
        });
    cases.add(
        "directory-through-it",
        t -> {
          t.directory("d");
          t.file("d/f", "content");
          t.ok(t.symlink("d", "l"));
          t.same("content", t.content("l/f"));
          t.same(t.stat("d").inode(), t.stat("l").inode());
          t.same(t.stat("d").inode(), t.lstat("l/").inode());
          t.fails(ENOTDIR, t.rmdir("l"));
        });
    cases.add(
        "to-a-file-with-trailing-slash",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.fails(ENOTDIR, t.sys().truncate("l/", 0));
        });
  }
}
