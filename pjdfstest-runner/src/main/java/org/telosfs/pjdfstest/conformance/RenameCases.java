package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.RENAME_EXCHANGE;
import static org.telosfs.pjdfstest.syscall.Abi.RENAME_NOREPLACE;
import static org.telosfs.pjdfstest.syscall.Abi.RENAME_WHITEOUT;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBUSY;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EISDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTEMPTY;
import static org.telosfs.pjdfstest.syscall.Errno.EXDEV;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;

import java.util.List;
import java.util.Set;
import org.telosfs.pjdfstest.syscall.Statx;

/** rename(2), renameat2(2) with all its flags. */
final class RenameCases implements CaseTable {
  @Override
  public String name() {
    return "rename";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind from : FileKind.values()) {
      defineMove(cases, from);
      for (FileKind to : FileKind.values()) {
        defineReplace(cases, from, to);
        defineExchange(cases, from, to);
      }
    }
    defineFlags(cases);
    defineWhiteout(cases);
    defineTree(cases);
    defineLinks(cases);
    definePermissions(cases);
    defineSlashes(cases);
  }

  private static void defineMove(CaseList cases, FileKind kind) {
    for (String to : List.of("b", "other/b")) {
      String where = to.equals("b") ? "within-a-directory" : "into-another-directory";
      cases.add(
          kind.word() + "-" + where,
          t -> {
            t.directory("other");
            t.make(kind, "a");
            Statx before = t.lstat("a");
            t.nextTick();
            t.ok(t.rename("a", to));
            Statx after = t.lstat(to);
            t.holds(!t.exists("a"), "the old name is gone");
            t.same(before.inode(), after.inode());
            t.same(before.modified(), after.modified());
            t.same(before.links(), after.links());
            t.same(before.rawDevice(), after.rawDevice());
          });
      cases.add(
          kind.word() + "-" + where + "-updates-ctime",
          t -> {
            t.directory("other");
            t.make(kind, "a");
            Statx before = t.lstat("a");
            t.nextTick();
            t.ok(t.rename("a", to));
            t.holds(t.lstat(to).changed().compareTo(before.changed()) > 0, "ctime went on");
          });
    }
    cases.add(
        kind.word() + "-by-noreplace",
        t -> {
          t.make(kind, "a");
          long inode = t.lstat("a").inode();
          t.ok(t.rename("a", "b", RENAME_NOREPLACE));
          t.same(inode, t.lstat("b").inode());
          t.same(Set.of("b"), t.names("."));
        });
    cases.add(
        "noreplace-of-existing-" + kind.word(),
        t -> {
          t.file("a");
          t.make(kind, "b");
          t.fails(EEXIST, t.rename("a", "b", RENAME_NOREPLACE));
          t.same(Set.of("a", "b"), t.names("."));
        });
    cases.add(
        kind.word() + "-leaving-a-whiteout",
        t -> {
          t.make(kind, "a");
          long inode = t.lstat("a").inode();
          t.ok(t.rename("a", "b", RENAME_WHITEOUT));
          t.same(inode, t.lstat("b").inode());
          t.same(FileKind.CHARACTER_DEVICE.bits(), t.lstat("a").type());
          t.same(0L, t.lstat("a").rawDevice());
          t.same(Set.of("a", "b"), t.names("."));
        });
    cases.add(
        kind.word() + "-onto-itself",
        t -> {
          t.make(kind, "a");
          t.ok(t.rename("a", "a"));
          t.ok(t.rename("a", "a", RENAME_EXCHANGE));
          t.fails(EEXIST, t.rename("a", "a", RENAME_NOREPLACE));
          t.holds(t.exists("a"), "it is still there");
        });
  }

  private static void defineReplace(CaseList cases, FileKind from, FileKind to) {
    boolean fromDirectory = from == FileKind.DIRECTORY;
    boolean toDirectory = to == FileKind.DIRECTORY;
    cases.add(
        from.word() + "-over-" + to.word(),
        t -> {
          t.make(from, "a");
          t.make(to, "b");
          long moved = t.lstat("a").inode();
          long replaced = t.lstat("b").inode();
          if (fromDirectory == toDirectory) {
            t.ok(t.rename("a", "b"));
            t.same(moved, t.lstat("b").inode());
            t.same(Set.of("b"), t.names("."));
          } else {
            t.fails(fromDirectory ? ENOTDIR : EISDIR, t.rename("a", "b"));
            t.same(moved, t.lstat("a").inode());
            t.same(replaced, t.lstat("b").inode());
          }
        });
  }

  private static void defineExchange(CaseList cases, FileKind one, FileKind other) {
    cases.add(
        "exchange-of-" + one.word() + "-and-" + other.word(),
        t -> {
          t.directory("d");
          t.make(one, "a");
          t.make(other, "d/b");
          Statx a = t.lstat("a");
          Statx b = t.lstat("d/b");
          t.nextTick();
          t.ok(t.rename("a", "d/b", RENAME_EXCHANGE));
          t.same(b.inode(), t.lstat("a").inode());
          t.same(a.inode(), t.lstat("d/b").inode());
          t.same(b.links(), t.lstat("a").links());
          t.holds(t.lstat("a").changed().compareTo(b.changed()) > 0, "ctime of one went on");
          t.holds(t.lstat("d/b").changed().compareTo(a.changed()) > 0, "ctime of both");
          int subdirectories = one == FileKind.DIRECTORY ? 1 : 0;
          t.same("links of d", 2 + subdirectories, t.stat("d").links());
        });
  }

  private static void defineFlags(CaseList cases) {
    cases.add(
        "exchange-of-missing-target",
        t -> {
          t.file("a");
          t.fails(ENOENT, t.rename("a", "absent", RENAME_EXCHANGE));
          t.fails(ENOENT, t.rename("absent", "a", RENAME_EXCHANGE));
          t.same(Set.of("a"), t.names("."));
        });
    cases.add(
        "flags-that-contradict",
        t -> {
          t.file("a");
          t.file("b");
          t.fails(EINVAL, t.rename("a", "b", RENAME_NOREPLACE | RENAME_EXCHANGE));
          t.fails(EINVAL, t.rename("a", "b", RENAME_WHITEOUT | RENAME_EXCHANGE));
          t.fails(EINVAL, t.rename("a", "b", 8));
          t.same(Set.of("a", "b"), t.names("."));
        });
    cases.add(
        "exchange-of-full-directories",
        t -> {
          t.directory("a");
          t.directory("b");
          t.file("a/x");
          t.file("b/y");
          t.ok(t.rename("a", "b", RENAME_EXCHANGE));
          t.same(Set.of("y"), t.names("a"));
          t.same(Set.of("x"), t.names("b"));
        });
    cases.add(
        "exchange-with-an-ancestor",
        t -> {
          t.directory("a");
          t.directory("a/b");
          t.file("a/b/f");
          t.fails(EINVAL, t.rename("a", "a/b", RENAME_EXCHANGE));
          t.fails(EINVAL, t.rename("a/b", "a", RENAME_EXCHANGE));
          t.fails(EINVAL, t.rename("a", "a/b/f", RENAME_EXCHANGE));
          t.fails(EINVAL, t.rename("a/b/f", "a", RENAME_EXCHANGE));
        });
    cases.add(
        "exchange-moves-the-parent-of-directories",
        t -> {
          t.directory("p");
          t.directory("q");
          t.directory("p/a");
          t.directory("q/b");
          t.ok(t.rename("p/a", "q/b", RENAME_EXCHANGE));
          t.same(t.stat("q").inode(), t.stat("q/b/..").inode());
          t.same(t.stat("p").inode(), t.stat("p/a/..").inode());
        });
  }

  private static void defineWhiteout(CaseList cases) {
    cases.add(
        "whiteout-over-existing",
        t -> {
          t.file("a", "A");
          t.file("b", "B");
          t.ok(t.rename("a", "b", RENAME_WHITEOUT));
          t.same("A", t.content("b"));
          t.same(FileKind.CHARACTER_DEVICE.bits(), t.lstat("a").type());
        });
    cases.add(
        "whiteout-with-noreplace",
        t -> {
          t.file("a", "A");
          t.file("b");
          t.fails(EEXIST, t.rename("a", "b", RENAME_WHITEOUT | RENAME_NOREPLACE));
          t.ok(t.rename("a", "c", RENAME_WHITEOUT | RENAME_NOREPLACE));
          t.same("A", t.content("c"));
          t.same(Set.of("a", "b", "c"), t.names("."));
        });
    cases.add(
        "whiteout-is-like-any-device",
        t -> {
          t.file("a");
          t.ok(t.rename("a", "b", RENAME_WHITEOUT));
          t.same(1, t.lstat("a").links());
          t.ok(t.rename("b", "a"));
          t.same(FileKind.REGULAR.bits(), t.lstat("a").type());
        });
    cases.add(
        "whiteout-by-any-user",
        t -> {
          t.directoryOf(ALICE, "d", 0755);
          t.as(
              ALICE,
              () -> {
                t.file("d/a");
                t.ok(t.rename("d/a", "d/b", RENAME_WHITEOUT));
              });
          t.same(FileKind.CHARACTER_DEVICE.bits(), t.lstat("d/a").type());
          t.same(ALICE.uid(), t.lstat("d/a").uid());
        });
    cases.add(
        "whiteout-between-directories-updates-both",
        t -> {
          t.directory("p");
          t.directory("q");
          t.file("p/a");
          Statx p = t.stat("p");
          Statx q = t.stat("q");
          t.nextTick();
          t.ok(t.rename("p/a", "q/a", RENAME_WHITEOUT));
          t.holds(t.stat("p").modified().compareTo(p.modified()) > 0, "mtime of the old one");
          t.holds(t.stat("q").modified().compareTo(q.modified()) > 0, "mtime of the new one");
        });
  }

  private static void defineTree(CaseList cases) {
    cases.add(
        "directory-below-itself",
        t -> {
          t.directory("a");
          t.directory("a/b");
          t.directory("a/b/c");
          t.fails(EINVAL, t.rename("a", "a/new"));
          t.fails(EINVAL, t.rename("a", "a/b/c"));
          t.fails(EINVAL, t.rename("a", "a/b/new"));
        });
    cases.add(
        "directory-over-its-ancestor",
        t -> {
          t.directory("a");
          t.directory("a/b");
          t.directory("a/b/c");
          t.fails(ENOTEMPTY, t.rename("a/b/c", "a"));
          t.fails(ENOTEMPTY, t.rename("a/b/c", "a/b"));
          t.file("a/b/f");
          t.fails(ENOTEMPTY, t.rename("a/b/f", "a"));
        });
    cases.add(
        "directory-over-a-full-one",
        t -> {
          t.directory("a");
          t.directory("b");
          t.file("b/f");
          t.fails(ENOTEMPTY, t.rename("a", "b"));
          t.ok(t.unlink("b/f"));
          t.ok(t.rename("a", "b"));
        });
    cases.add(
        "full-directory-takes-its-content-along",
        t -> {
          t.directory("a");
          t.directory("a/sub");
          t.file("a/sub/f", "content");
          t.directory("b");
          t.ok(t.rename("a", "b"));
          t.same("content", t.content("b/sub/f"));
        });
    cases.add(
        "directory-gets-a-new-parent",
        t -> {
          t.directory("p");
          t.directory("q");
          t.directory("p/d");
          t.ok(t.rename("p/d", "q/d"));
          t.same(t.stat("q").inode(), t.stat("q/d/..").inode());
          t.same("links of the old parent", 2, t.stat("p").links());
          t.same("links of the new parent", 3, t.stat("q").links());
        });
    cases.add(
        "directory-over-an-empty-one-in-another-parent",
        t -> {
          t.directory("p");
          t.directory("q");
          t.directory("p/d");
          t.directory("q/d");
          t.ok(t.rename("p/d", "q/d"));
          t.same("links of the old parent", 2, t.stat("p").links());
          t.same("links of the new parent", 3, t.stat("q").links());
        });
    cases.add(
        "dot-and-dot-dot",
        t -> {
          t.directory("d");
          t.directory("e");
          for (String dot : List.of("d/.", "d/..", ".", "..")) {
            t.fails(EBUSY, t.rename(dot, "e"));
            t.fails(EBUSY, t.rename("e", dot));
          }
        });
    cases.add(
        "updates-the-times-of-both-directories",
        t -> {
          t.directory("p");
          t.directory("q");
          t.file("p/f");
          Statx p = t.stat("p");
          Statx q = t.stat("q");
          t.nextTick();
          t.ok(t.rename("p/f", "q/f"));
          for (String parent : List.of("p", "q")) {
            Statx before = parent.equals("p") ? p : q;
            Statx after = t.stat(parent);
            t.holds(after.modified().compareTo(before.modified()) > 0, "mtime of " + parent);
            t.holds(after.changed().compareTo(before.changed()) > 0, "ctime of " + parent);
          }
        });
    cases.add(
        "to-another-file-system",
        t -> {
          t.file("f");
          t.fails(EXDEV, t.rename("f", "/proc/f"));
          t.fails(EXDEV, t.rename("/proc/version", "f"));
        });
    cases.add(
        "working-directory",
        t -> {
          t.directory("d");
          int fd = t.fd("d", O_RDONLY);
          t.ok(t.rename("d", "e"));
          t.ok(t.sys().mkdirat(fd, "inside", 0755));
          t.holds(t.exists("e/inside"), "the descriptor follows");
        });
    cases.add(
        "makes-room-for-the-old-name",
        t -> {
          for (int i = 0; i < 100; i++) {
            t.file("f", "number " + i);
            t.ok(t.rename("f", "g"));
            t.same("number " + i, t.content("g"));
          }
          t.same(Set.of("g"), t.names("."));
        });
  }

  private static void defineLinks(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      if (kind == FileKind.DIRECTORY) {
        continue;
      }
      cases.add(
          kind.word() + "-onto-another-link-of-it-does-nothing",
          t -> {
            t.make(kind, "a");
            t.ok(t.link("a", "b"));
            t.ok(t.rename("a", "b"));
            t.same(Set.of("a", "b"), t.names("."));
            t.same(2, t.lstat("a").links());
          });
      cases.add(
          "over-" + kind.word() + "-with-another-link",
          t -> {
            t.make(kind, "b");
            t.ok(t.link("b", "link"));
            Statx before = t.lstat("link");
            t.file("a");
            t.nextTick();
            t.ok(t.rename("a", "b"));
            Statx after = t.lstat("link");
            t.same(1, after.links());
            t.holds(after.changed().compareTo(before.changed()) > 0, "its ctime went on");
          });
    }
    cases.add(
        "over-an-open-file",
        t -> {
          t.file("a", "new");
          t.file("b", "old");
          int fd = t.fd("b", O_RDONLY);
          t.ok(t.rename("a", "b"));
          t.same("old", t.pread(fd, 8, 0));
          t.same(0, t.fstat(fd).links());
          t.same("new", t.content("b"));
        });
    cases.add(
        "symlink-is-moved-not-followed",
        t -> {
          t.file("f", "content");
          t.ok(t.symlink("f", "l"));
          t.ok(t.rename("l", "m"));
          t.same("f", t.readlink("m"));
          t.file("g", "other");
          t.ok(t.rename("g", "m"));
          t.same("content", t.content("f"));
          t.same("other", t.content("m"));
        });
  }

  private static void definePermissions(CaseList cases) {
    cases.add(
        "without-write-permission-on-a-directory",
        t -> {
          t.directoryOf(ALICE, "open", 0755);
          t.directoryOf(ALICE, "shut", 0755);
          t.as(
              ALICE,
              () -> {
                t.file("open/f");
                t.file("shut/g");
                t.ok(t.chmod("shut", 0555));
                for (int flags : List.of(0, RENAME_NOREPLACE)) {
                  t.fails(EACCES, t.rename("open/f", "shut/new", flags));
                  t.fails(EACCES, t.rename("shut/g", "open/new", flags));
                }
                t.fails(EACCES, t.rename("open/f", "shut/g", RENAME_EXCHANGE));
                t.fails(EACCES, t.rename("shut/g", "open/f", RENAME_EXCHANGE));
                t.fails(EACCES, t.rename("open/f", "shut/g"));
                t.ok(t.rename("open/f", "open/g"));
              });
        });
    cases.add(
        "directory-to-another-parent-needs-write-permission-on-it",
        t -> {
          t.directoryOf(ALICE, "p", 0755);
          t.directoryOf(ALICE, "q", 0755);
          t.directoryOf(BOB, "p/d", 0755);
          t.as(
              ALICE,
              () -> {
                t.fails(EACCES, t.rename("p/d", "q/d"));
                t.ok(t.rename("p/d", "p/e"));
              });
        });
    cases.add(
        "exchanged-directory-to-another-parent-needs-write-permission-on-it",
        t -> {
          t.directoryOf(ALICE, "p", 0755);
          t.directoryOf(ALICE, "q", 0755);
          t.fileOf(ALICE, "p/f", 0644);
          t.directoryOf(BOB, "q/d", 0755);
          t.as(
              ALICE,
              () -> {
                t.fails(EACCES, t.rename("p/f", "q/d", RENAME_EXCHANGE));
                t.fails(EACCES, t.rename("q/d", "p/f", RENAME_EXCHANGE));
              });
        });
    cases.add(
        "needs-no-permission-on-the-file",
        t -> {
          t.directoryOf(ALICE, "d", 0755);
          t.fileOf(BOB, "d/f", 0);
          t.fileOf(BOB, "d/g", 0);
          t.as(
              ALICE,
              () -> {
                t.ok(t.rename("d/f", "d/h"));
                t.ok(t.rename("d/h", "d/g"));
              });
        });
  }

  private static void defineSlashes(CaseList cases) {
    cases.add(
        "file-with-trailing-slash",
        t -> {
          t.file("f");
          t.directory("d");
          t.fails(ENOTDIR, t.rename("f/", "g"));
          t.fails(ENOTDIR, t.rename("f", "g/"));
          t.fails(ENOTDIR, t.rename("f", "d/"));
        });
    cases.add(
        "directory-with-trailing-slash",
        t -> {
          t.directory("d");
          t.ok(t.rename("d/", "e"));
          t.ok(t.rename("e", "f/"));
          t.ok(t.rename("f/", "g//"));
          t.same(Set.of("g"), t.names("."));
        });
    cases.add(
        "symlink-to-directory-with-trailing-slash",
        t -> {
          t.directory("d");
          t.ok(t.symlink("d", "l"));
          t.fails(ENOTDIR, t.rename("l/", "m"));
        });
  }
}
