package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Abi.UTIME_NOW;
import static org.telosfs.pjdfstest.syscall.Abi.UTIME_OMIT;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.syscall.FileTimes;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.Statx;

/** utimensat(2): what is set, and who may. */
final class UtimesCases implements CaseTable {
  private record Request(String word, @Nullable FileTimes times) {}

  private static final Request NOW = new Request("null-pointer", null);
  private static final Request BOTH_NOW =
      new Request("both-now", FileTimes.nanos(UTIME_NOW, UTIME_NOW));
  private static final Request BOTH_OMIT =
      new Request("both-omitted", FileTimes.nanos(UTIME_OMIT, UTIME_OMIT));
  private static final Request GIVEN = new Request("given", FileTimes.seconds(1000, 2000));
  private static final Request NOW_AND_OMIT =
      new Request("now-and-omitted", FileTimes.nanos(UTIME_NOW, UTIME_OMIT));
  private static final Request OMIT_AND_NOW =
      new Request("omitted-and-now", FileTimes.nanos(UTIME_OMIT, UTIME_NOW));
  private static final Request NOW_AND_GIVEN =
      new Request("now-and-given", new FileTimes(0, UTIME_NOW, 2000, 0));

  @Override
  public String name() {
    return "utimes";
  }

  @Override
  public void define(CaseList cases) {
    definePermissions(cases);
    defineValues(cases);
    defineKinds(cases);
    defineRefusals(cases);
  }

  private static void definePermissions(CaseList cases) {
    List<Request> nows = List.of(NOW, BOTH_NOW);
    List<Request> owners = List.of(GIVEN, NOW_AND_OMIT, OMIT_AND_NOW, NOW_AND_GIVEN);
    for (Request request : nows) {
      permission(cases, "owner", ALICE, 0400, request, 0);
      permission(cases, "root", Identity.ROOT, 0, request, 0);
      permission(cases, "who-may-write", BOB, 0602, request, 0);
      permission(cases, "who-may-read", BOB, 0644, request, EACCES.number());
    }
    for (Request request : owners) {
      permission(cases, "owner", ALICE, 0, request, 0);
      permission(cases, "root", Identity.ROOT, 0, request, 0);
      permission(cases, "who-may-write", BOB, 0666, request, EPERM.number());
      permission(cases, "who-may-read", BOB, 0644, request, EPERM.number());
    }
    permission(cases, "owner", ALICE, 0, BOTH_OMIT, 0);
    permission(cases, "who-may-do-nothing", BOB, 0, BOTH_OMIT, 0);
  }

  private static void permission(
      CaseList cases, String word, Identity who, int mode, Request request, int errno) {
    cases.add(
        request.word() + "-by-" + word,
        t -> {
          t.fileOf(ALICE, "f", mode);
          t.as(
              who,
              () -> t.same((long) -errno, t.sys().utimensat(AT_FDCWD, "f", request.times(), 0)));
        });
  }

  private static void defineValues(CaseList cases) {
    for (long seconds : List.of(0L, 1L, -1L, -86_400L * 365, (1L << 31) - 1, 1L << 31, 1L << 33)) {
      for (int nanos : List.of(0, 1, 999_999_999)) {
        cases.add(
            String.format(
                "%s%d-seconds-and-%d-nanoseconds",
                seconds < 0 ? "minus-" : "", Math.abs(seconds), nanos),
            t -> {
              t.file("f");
              t.ok(
                  t.sys()
                      .utimensat(
                          AT_FDCWD, "f", new FileTimes(seconds, nanos, seconds + 1, nanos), 0));
              t.same(new Statx.Time(seconds, nanos), t.stat("f").accessed());
              t.same(new Statx.Time(seconds + 1, nanos), t.stat("f").modified());
            });
      }
    }
    cases.add(
        "omitted-stays",
        t -> {
          t.file("f");
          t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(1000, 2000), 0));
          t.ok(t.sys().utimensat(AT_FDCWD, "f", new FileTimes(0, UTIME_OMIT, 3000, 7), 0));
          t.same(new Statx.Time(1000, 0), t.stat("f").accessed());
          t.same(new Statx.Time(3000, 7), t.stat("f").modified());
          t.ok(t.sys().utimensat(AT_FDCWD, "f", new FileTimes(4000, 9, 0, UTIME_OMIT), 0));
          t.same(new Statx.Time(4000, 9), t.stat("f").accessed());
          t.same(new Statx.Time(3000, 7), t.stat("f").modified());
        });
    cases.add(
        "now-is-now",
        t -> {
          t.file("f");
          t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(1000, 2000), 0));
          t.file("earlier");
          t.nextTick();
          t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.nanos(UTIME_NOW, UTIME_OMIT), 0));
          t.nextTick();
          t.file("later");
          Statx seen = t.stat("f");
          t.holds(seen.accessed().compareTo(t.stat("earlier").modified()) > 0, "not before");
          t.holds(seen.accessed().compareTo(t.stat("later").modified()) < 0, "not after");
          t.same(new Statx.Time(2000, 0), seen.modified());
        });
    cases.add(
        "changes-ctime",
        t -> {
          t.file("f");
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(1, 2), 0));
          t.holds(t.stat("f").changed().compareTo(before.changed()) > 0, "ctime went on");
        });
    cases.add(
        "both-omitted-changes-nothing",
        t -> {
          t.file("f");
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.sys().utimensat(AT_FDCWD, "f", BOTH_OMIT.times(), 0));
          t.same(before, t.stat("f"));
        });
  }

  private static void defineKinds(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "of-" + kind.word(),
          t -> {
            t.make(kind, "f");
            t.ok(
                t.sys()
                    .utimensat(AT_FDCWD, "f", new FileTimes(11, 12, 13, 14), AT_SYMLINK_NOFOLLOW));
            t.same(new Statx.Time(11, 12), t.lstat("f").accessed());
            t.same(new Statx.Time(13, 14), t.lstat("f").modified());
          });
    }
    cases.add(
        "of-what-a-symlink-points-to",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          Statx before = t.lstat("l");
          t.ok(t.sys().utimensat(AT_FDCWD, "l", FileTimes.seconds(1000, 2000), 0));
          t.same(new Statx.Time(2000, 0), t.stat("f").modified());
          t.same(before.modified(), t.lstat("l").modified());
        });
    cases.add(
        "of-a-descriptor",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.unlink("f"));
          t.ok(t.sys().utimensat(fd, null, FileTimes.seconds(1000, 2000), 0));
          t.same(new Statx.Time(2000, 0), t.fstat(fd).modified());
          t.fails(EBADF, t.sys().utimensat(1_000_000, null, FileTimes.seconds(1, 1), 0));
        });
    cases.add(
        "last-after-a-write-through-another-descriptor",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_WRONLY);
          t.ok(t.write(fd, "abc"));
          t.ok(t.sys().utimensat(fd, null, FileTimes.seconds(1000, 2000), 0));
          t.ok(t.close(fd));
          t.same(new Statx.Time(2000, 0), t.stat("f").modified());
        });
  }

  private static void defineRefusals(CaseList cases) {
    for (long nanos : List.of(-1L, 1_000_000_000L, 1L << 31)) {
      cases.add(
          "nanoseconds-" + (nanos < 0 ? "below-zero" : Long.toString(nanos)),
          t -> {
            t.file("f");
            t.fails(EINVAL, t.sys().utimensat(AT_FDCWD, "f", FileTimes.nanos(nanos, 0), 0));
            t.fails(EINVAL, t.sys().utimensat(AT_FDCWD, "f", FileTimes.nanos(0, nanos), 0));
          });
    }
    cases.add(
        "unknown-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(1, 1), 1));
        });
  }
}
