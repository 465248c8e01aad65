package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM_MEMBER;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EOPNOTSUPP;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.Statx;

/** chmod(2), fchmod(2), fchmodat2(2). */
final class ChmodCases implements CaseTable {
  private static final List<Integer> MODES =
      List.of(
          0, 0001, 0010, 0100, 0444, 0644, 0755, 0777, 01000, 02000, 02010, 04000, 04755, 07777);

  @Override
  public String name() {
    return "chmod";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      if (kind != FileKind.SYMLINK) {
        for (int mode : MODES) {
          cases.add(
              String.format("%s-to-%04o", kind.word(), mode),
              t -> {
                t.make(kind, "f");
                Statx before = t.stat("f");
                t.nextTick();
                t.ok(t.chmod("f", mode));
                Statx after = t.stat("f");
                t.sameMode(kind.bits() | mode, after.mode());
                t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
                t.same(before.modified(), after.modified());
              });
        }
      }
    }
    definePermissions(cases);
    defineSetGroupId(cases);
    defineDescriptors(cases);
    defineSymlinks(cases);
  }

  private static void definePermissions(CaseList cases) {
    cases.add(
        "by-the-owner",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.as(ALICE, () -> t.ok(t.chmod("f", 0)));
          t.as(ALICE, () -> t.ok(t.chmod("f", 0640)));
          t.sameMode(0640, t.stat("f").permissions());
        });
    cases.add(
        "by-others",
        t -> {
          t.fileOf(ALICE, "f", 0666);
          t.ok(t.chown("f", -1, TEAM));
          for (var who : List.of(BOB, TEAM_MEMBER)) {
            t.as(
                who,
                () -> {
                  t.fails(EPERM, t.chmod("f", 0644));
                  t.fails(EPERM, t.chmod("f", 0666));
                  int fd = t.fd("f", O_RDWR);
                  t.fails(EPERM, t.sys().fchmod(fd, 0644));
                });
          }
          t.sameMode(0666, t.stat("f").permissions());
        });
    cases.add(
        "refused-changes-no-time",
        t -> {
          t.fileOf(ALICE, "f", 0666);
          Statx before = t.stat("f");
          t.nextTick();
          t.as(BOB, () -> t.fails(EPERM, t.chmod("f", 0)));
          t.same(before.changed(), t.stat("f").changed());
        });
    cases.add(
        "sticky-bit-on-a-file-by-its-owner",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.as(ALICE, () -> t.ok(t.chmod("f", 01644)));
          t.sameMode(01644, t.stat("f").permissions());
        });
  }

  private static void defineSetGroupId(CaseList cases) {
    for (FileKind kind : List.of(FileKind.REGULAR, FileKind.DIRECTORY, FileKind.FIFO)) {
      cases.add(
          kind.word() + "-setgid-by-owner-outside-the-group",
          t -> {
            t.make(kind, "f");
            t.ok(t.chown("f", ALICE.uid(), TEAM));
            t.as(ALICE, () -> t.ok(t.chmod("f", 06755)));
            t.sameMode(04755, t.stat("f").permissions());
          });
      cases.add(
          kind.word() + "-setgid-by-owner-in-the-group",
          t -> {
            t.make(kind, "f");
            t.ok(t.chown("f", TEAM_MEMBER.uid(), TEAM));
            t.as(TEAM_MEMBER, () -> t.ok(t.chmod("f", 06755)));
            t.sameMode(06755, t.stat("f").permissions());
          });
      cases.add(
          kind.word() + "-setgid-by-root",
          t -> {
            t.make(kind, "f");
            t.ok(t.chown("f", ALICE.uid(), TEAM));
            t.ok(t.chmod("f", 06755));
            t.sameMode(06755, t.stat("f").permissions());
          });
    }
  }

  private static void defineDescriptors(CaseList cases) {
    cases.add(
        "descriptor",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().fchmod(fd, 04711));
          t.sameMode(04711, t.stat("f").permissions());
          t.ok(t.unlink("f"));
          t.ok(t.sys().fchmod(fd, 0600));
          t.sameMode(0600, t.fstat(fd).permissions());
        });
    cases.add("descriptor-that-is-not-open", t -> t.fails(EBADF, t.sys().fchmod(1_000_000, 0)));
  }

  private static void defineSymlinks(CaseList cases) {
    cases.add(
        "symlink-is-followed",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.ok(t.chmod("l", 0600));
          t.sameMode(0600, t.stat("f").permissions());
          t.sameMode(0777, t.lstat("l").permissions());
        });
    cases.add(
        "symlink-itself",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.fails(EOPNOTSUPP, t.sys().fchmodat2(AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW));
          t.sameMode(0644, t.stat("f").permissions());
          t.ok(t.sys().fchmodat2(AT_FDCWD, "f", 0600, AT_SYMLINK_NOFOLLOW));
          t.sameMode(0600, t.stat("f").permissions());
          t.fails(EINVAL, t.sys().fchmodat2(AT_FDCWD, "f", 0600, 1));
        });
  }
}
