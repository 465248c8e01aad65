package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM_MEMBER;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.Statx;

/** chown(2), fchown(2), lchown(2), fchownat(2). */
final class ChownCases implements CaseTable {
  private static final int KEEP = -1;

  @Override
  public String name() {
    return "chown";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          kind.word() + "-by-root",
          t -> {
            t.make(kind, "f");
            Statx before = t.lstat("f");
            t.nextTick();
            t.ok(t.lchown("f", 123, 456));
            Statx after = t.lstat("f");
            t.same(123, after.uid());
            t.same(456, after.gid());
            t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
            t.same(before.modified(), after.modified());
            t.ok(t.lchown("f", KEEP, 789));
            t.same(123, t.lstat("f").uid());
            t.ok(t.lchown("f", 321, KEEP));
            t.same(789, t.lstat("f").gid());
            t.same(321, t.lstat("f").uid());
          });
    }
    cases.add(
        "ids-of-32-bits",
        t -> {
          t.file("f");
          t.ok(t.chown("f", -2, -3));
          t.same(-2, t.stat("f").uid());
          t.same(-3, t.stat("f").gid());
        });
    defineRules(cases);
    defineSetIdBits(cases);
    defineWays(cases);
  }

  private static void defineRules(CaseList cases) {
    cases.add(
        "owner-to-a-group-of-his",
        t -> {
          t.fileOf(TEAM_MEMBER, "f", 0644);
          t.as(
              TEAM_MEMBER,
              () -> {
                t.ok(t.chown("f", KEEP, TEAM));
                t.ok(t.chown("f", TEAM_MEMBER.uid(), TEAM_MEMBER.gid()));
                t.ok(t.chown("f", TEAM_MEMBER.uid(), TEAM));
              });
          t.same(TEAM, t.stat("f").gid());
        });
    cases.add(
        "owner-to-another-group",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.as(ALICE, () -> t.fails(EPERM, t.chown("f", KEEP, TEAM)));
          t.as(ALICE, () -> t.fails(EPERM, t.chown("f", ALICE.uid(), BOB.gid())));
        });
    cases.add(
        "owner-gives-it-away",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.as(
              ALICE,
              () -> {
                t.fails(EPERM, t.chown("f", BOB.uid(), KEEP));
                t.fails(EPERM, t.chown("f", 0, KEEP));
                t.fails(EPERM, t.chown("f", BOB.uid(), ALICE.gid()));
              });
        });
    cases.add(
        "others",
        t -> {
          t.fileOf(ALICE, "f", 0666);
          t.ok(t.chown("f", KEEP, TEAM));
          for (var who : List.of(BOB, TEAM_MEMBER)) {
            t.as(
                who,
                () -> {
                  t.fails(EPERM, t.chown("f", who.uid(), KEEP));
                  t.fails(EPERM, t.chown("f", KEEP, who.gid()));
                  t.fails(EPERM, t.chown("f", ALICE.uid(), KEEP));
                });
          }
        });
    cases.add(
        "owner-to-what-it-is-already",
        t -> {
          t.fileOf(ALICE, "f", 0644);
          t.ok(t.chown("f", KEEP, TEAM));
          t.as(
              ALICE,
              () -> {
                t.ok(t.chown("f", ALICE.uid(), KEEP));
                t.ok(t.chown("f", KEEP, TEAM));
                t.ok(t.chown("f", KEEP, KEEP));
              });
        });
  }

  /**
   * By man 2 chown: an unprivileged change clears both bits of executable files; Linux does so for
   * root as well. Set-group-id without group execution means mandatory locking and stays, unless
   * its owner could not set it again.
   */
  private static void defineSetIdBits(CaseList cases) {
    record Change(int before, int afterByRoot, int afterByMember) {}
    List<Change> changes =
        List.of(
            new Change(04755, 0755, 0755),
            new Change(02755, 0755, 0755),
            new Change(06755, 0755, 0755),
            new Change(06777, 0777, 0777),
            new Change(02644, 02644, 02644),
            new Change(06644, 02644, 02644),
            new Change(04644, 0644, 0644),
            new Change(01755, 01755, 01755));
    for (Change change : changes) {
      cases.add(
          String.format("by-root-from-mode-%04o", change.before()),
          t -> {
            t.file("f");
            t.ok(t.chmod("f", change.before()));
            t.ok(t.chown("f", ALICE.uid(), TEAM));
            t.sameMode(change.afterByRoot(), t.stat("f").permissions());
          });
      cases.add(
          String.format("by-owner-from-mode-%04o", change.before()),
          t -> {
            t.fileOf(TEAM_MEMBER, "f", 0644);
            t.ok(t.chmod("f", change.before()));
            t.as(TEAM_MEMBER, () -> t.ok(t.chown("f", KEEP, TEAM)));
            t.sameMode(change.afterByMember(), t.stat("f").permissions());
          });
    }
    cases.add(
        "directory-keeps-its-set-id-bits",
        t -> {
          t.directory("d");
          t.ok(t.chmod("d", 07755));
          t.ok(t.chown("d", ALICE.uid(), TEAM));
          t.sameMode(07755, t.stat("d").permissions());
        });
  }

  private static void defineWays(CaseList cases) {
    cases.add(
        "symlink-is-followed-unless-told",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.ok(t.chown("l", 1, 2));
          t.same(1, t.stat("f").uid());
          t.same(0, t.lstat("l").uid());
          t.ok(t.lchown("l", 3, 4));
          t.same(1, t.stat("f").uid());
          t.same(3, t.lstat("l").uid());
        });
    cases.add(
        "descriptor",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fchown(fd, 5, 6));
          t.same(5, t.stat("f").uid());
          t.ok(t.unlink("f"));
          t.ok(t.sys().fchown(fd, 7, 8));
          t.same(8, t.fstat(fd).gid());
          t.fails(EBADF, t.sys().fchown(1_000_000, 1, 1));
        });
    cases.add(
        "empty-path",
        t -> {
          t.ok(t.symlink("absent", "l"));
          int fd = t.fd("l", O_PATH | org.telosfs.pjdfstest.syscall.Open.O_NOFOLLOW);
          t.ok(t.sys().fchownat(fd, "", 9, 10, AT_EMPTY_PATH));
          t.same(9, t.lstat("l").uid());
          t.fd(".", O_RDONLY);
        });
    cases.add(
        "unknown-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().fchownat(AT_FDCWD, "f", 1, 1, 1));
        });
  }
}
