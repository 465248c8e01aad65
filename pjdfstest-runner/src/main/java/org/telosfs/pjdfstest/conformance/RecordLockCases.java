package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.F_GETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_OFD_GETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_OFD_SETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_OFD_SETLKW;
import static org.telosfs.pjdfstest.syscall.Abi.F_RDLCK;
import static org.telosfs.pjdfstest.syscall.Abi.F_SETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_SETLKW;
import static org.telosfs.pjdfstest.syscall.Abi.F_UNLCK;
import static org.telosfs.pjdfstest.syscall.Abi.F_WRLCK;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_END;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_SET;
import static org.telosfs.pjdfstest.syscall.Errno.EAGAIN;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EDEADLK;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINTR;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EOVERFLOW;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.ArrayList;
import java.util.List;
import org.telosfs.pjdfstest.syscall.FileLock;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.SystemCall;

/**
 * fcntl(2) record locks: a process's (F_SETLK) and an open file's (F_OFD_SETLK). The two kinds
 * exclude each other, also within a process, which is how one process can test both.
 */
final class RecordLockCases implements CaseTable {
  private static final int WAITERS = 1000;

  @Override
  public String name() {
    return "lock";
  }

  private record Kind(String word, int get, int set, int setAndWait) {}

  private static final Kind PROCESS = new Kind("process", F_GETLK, F_SETLK, F_SETLKW);
  private static final Kind OPEN_FILE =
      new Kind("open-file", F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW);

  @Override
  public void define(CaseList cases) {
    defineRanges(cases, PROCESS, OPEN_FILE);
    defineRanges(cases, OPEN_FILE, PROCESS);
    defineRanges(cases, OPEN_FILE, OPEN_FILE);
    for (Kind kind : List.of(PROCESS, OPEN_FILE)) {
      defineKind(cases, kind);
      defineRefusals(cases, kind);
    }
    defineProcess(cases);
    cases.add("thousand-waiters", t -> thousandWaiters(t));
  }

  private static void defineRanges(CaseList cases, Kind holder, Kind asker) {
    record Range(String word, long start, long length, boolean meets) {}
    List<Range> ranges =
        List.of(
            new Range("same", 100, 50, true),
            new Range("within", 110, 10, true),
            new Range("around", 0, 1000, true),
            new Range("first-byte", 100, 1, true),
            new Range("last-byte", 149, 1, true),
            new Range("just-before", 50, 50, false),
            new Range("just-behind", 150, 50, false),
            new Range("to-the-end", 120, 0, true),
            new Range("behind-to-the-end", 150, 0, false),
            new Range("backwards", 101, -1, true),
            new Range("backwards-just-before", 100, -10, false));
    for (Range range : ranges) {
      for (int held : List.of(F_RDLCK, F_WRLCK)) {
        for (int asked : List.of(F_RDLCK, F_WRLCK)) {
          boolean refused = range.meets() && (held == F_WRLCK || asked == F_WRLCK);
          cases.add(
              String.format(
                  "%s-%s-of-%s-while-%s-%s-is-held",
                  asker.word(), word(asked), range.word(), holder.word(), word(held)),
              t -> {
                t.file("f");
                int one = t.fd("f", O_RDWR);
                int two = t.fd("f", O_RDWR);
                t.ok(t.sys().lock(one, holder.set(), FileLock.of(held, 100, 50)));
                FileLock ask = FileLock.of(asked, range.start(), range.length());
                FileLock way = t.sys().lockInTheWay(two, asker.get(), ask);
                if (refused) {
                  t.fails(EAGAIN, t.sys().lock(two, asker.set(), ask));
                  int pid = holder.equals(PROCESS) ? (int) t.sys().call(SystemCall.GETPID) : -1;
                  t.same(new FileLock(held, SEEK_SET, 100, 50, pid), way);
                } else {
                  t.same(F_UNLCK, way.type());
                  t.ok(t.sys().lock(two, asker.set(), ask));
                }
              });
        }
      }
    }
  }

  private static String word(int type) {
    return type == F_RDLCK ? "read-lock" : "write-lock";
  }

  /** Where an open file's lock could not be placed, of bytes 0 to 9: what {@code kind} holds. */
  private static String held(Sandbox t) throws LinuxException {
    int other = t.fd("f", O_RDWR);
    StringBuilder held = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      int type = t.sys().lockInTheWay(other, F_OFD_GETLK, FileLock.of(F_WRLCK, i, 1)).type();
      held.append(type == F_UNLCK ? '-' : type == F_RDLCK ? 'r' : 'w');
    }
    return held.toString();
  }

  private static void defineKind(CaseList cases, Kind kind) {
    cases.add(
        kind.word() + "-locks-split-and-merge",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, 0, 10)));
          t.same("wwwwwwwwww", held(t));
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_UNLCK, 4, 2)));
          t.same("wwww--wwww", held(t));
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_RDLCK, 2, 6)));
          t.same("wwrrrrrrww", held(t));
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, 0, 5)));
          t.same("wwwwwrrrww", held(t));
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_UNLCK, 0, 0)));
          t.same("----------", held(t));
        });
    cases.add(
        kind.word() + "-locks-from-the-position-and-the-end",
        t -> {
          t.file("f", "0123456789");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().lseek(fd, 3, SEEK_SET));
          t.ok(t.sys().lock(fd, kind.set(), new FileLock(F_WRLCK, SEEK_CUR, 1, 2, 0)));
          t.same("----ww----", held(t));
          t.ok(t.sys().lock(fd, kind.set(), new FileLock(F_RDLCK, SEEK_END, -2, 1, 0)));
          t.same("----ww--r-", held(t));
        });
    cases.add(
        kind.word() + "-lock-waits",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 10)));
          Waiter waiter =
              Waiter.start(
                      t, () -> t.sys().lock(two, kind.setAndWait(), FileLock.of(F_RDLCK, 5, 1)))
                  .awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_UNLCK, 5, 5)));
          t.same(0L, waiter.answer());
        });
    cases.add(
        kind.word() + "-lock-is-had-when-the-other-is-closed",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          Waiter waiter =
              Waiter.start(
                      t, () -> t.sys().lock(two, kind.setAndWait(), FileLock.of(F_WRLCK, 0, 0)))
                  .awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          t.ok(t.close(one));
          t.same(0L, waiter.answer());
        });
    cases.add(
        kind.word() + "-lock-waiter-is-interrupted",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          Waiter waiter =
              Waiter.start(
                      t, () -> t.sys().lock(two, kind.setAndWait(), FileLock.of(F_WRLCK, 0, 0)))
                  .awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          waiter.interrupt();
          t.fails(EINTR, waiter.answer());
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_UNLCK, 0, 0)));
          t.same("----------", held(t));
        });
    cases.add(
        kind.word() + "-lock-of-a-dead-process-is-gone",
        t -> {
          t.file("f");
          Program holder = Program.holdingLocks(t, kind.equals(PROCESS) ? "record" : "ofd", "f");
          t.same("asking", holder.line());
          t.same("0", holder.line());
          int fd = t.fd("f", O_RDWR);
          t.fails(EAGAIN, t.sys().lock(fd, kind.set(), FileLock.of(F_RDLCK, 1000, 1)));
          Waiter waiter =
              Waiter.start(t, () -> t.sys().lock(fd, kind.setAndWait(), FileLock.of(F_RDLCK, 7, 1)))
                  .awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          holder.end();
          t.same(0L, waiter.answer());
        });
  }

  private static void defineRefusals(CaseList cases, Kind kind) {
    cases.add(
        kind.word() + "-lock-needs-the-access-mode",
        t -> {
          t.file("f");
          int reader = t.fd("f", O_RDONLY);
          int writer = t.fd("f", O_WRONLY);
          t.fails(EBADF, t.sys().lock(reader, kind.set(), FileLock.of(F_WRLCK, 0, 1)));
          t.fails(EBADF, t.sys().lock(writer, kind.set(), FileLock.of(F_RDLCK, 0, 1)));
          t.ok(t.sys().lock(reader, kind.set(), FileLock.of(F_RDLCK, 0, 1)));
          t.ok(t.sys().lock(writer, kind.set(), FileLock.of(F_WRLCK, 5, 1)));
          t.fails(EBADF, t.sys().lock(1_000_000, kind.set(), FileLock.of(F_RDLCK, 0, 1)));
          t.fails(EBADF, t.sys().lock(t.fd("f", O_PATH), kind.set(), FileLock.of(F_RDLCK, 0, 1)));
        });
    cases.add(
        kind.word() + "-lock-of-bad-ranges",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, -1, 1)));
          t.fails(EINVAL, t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, 5, -6)));
          t.fails(EINVAL, t.sys().lock(fd, kind.set(), FileLock.of(9, 0, 1)));
          t.fails(EINVAL, t.sys().lock(fd, kind.set(), new FileLock(F_WRLCK, 9, 0, 1, 0)));
          t.fails(EOVERFLOW, t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, 2, Long.MAX_VALUE)));
          t.ok(t.sys().lock(fd, kind.set(), FileLock.of(F_WRLCK, Long.MAX_VALUE, 1)));
          t.fails(EFAULT, t.sys().fcntl(fd, kind.set(), 1L));
        });
  }

  private static void defineProcess(CaseList cases) {
    cases.add(
        "process-locks-end-with-any-close-of-the-file",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(one, F_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          int other = t.fd("f", O_RDONLY);
          t.ok(t.close(other));
          t.same("----------", held(t));
        });
    cases.add(
        "open-file-locks-end-with-the-last-descriptor",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int twin = t.kept(t.sys().call(SystemCall.DUP, one));
          t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          t.ok(t.close(t.fd("f", O_RDONLY)));
          t.ok(t.close(one));
          t.same("wwwwwwwwww", held(t));
          t.ok(t.close(twin));
          t.same("----------", held(t));
        });
    cases.add(
        "process-lock-excludes-no-thread-of-the-process",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().lock(one, F_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          Waiter other =
              Waiter.start(t, () -> t.sys().lock(two, F_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          t.same(0L, other.answer());
        });
    cases.add(
        "open-file-lock-names-no-process",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().lock(fd, F_OFD_SETLK, new FileLock(F_WRLCK, SEEK_SET, 0, 0, 1)));
        });
    cases.add(
        "process-lock-names-its-process",
        t -> {
          t.file("f");
          Program holder = Program.holdingLocks(t, "record", "f");
          holder.line();
          t.same("0", holder.line());
          FileLock way =
              t.sys().lockInTheWay(t.fd("f", O_RDWR), F_GETLK, FileLock.of(F_RDLCK, 5, 5));
          t.same(new FileLock(F_WRLCK, SEEK_SET, 0, 0, (int) holder.pid()), way);
          holder.end();
        });
    cases.add(
        "deadlock-is-refused",
        t -> {
          t.file("f");
          t.file("g");
          int f = t.fd("f", O_RDWR);
          int g = t.fd("g", O_RDWR);
          t.ok(t.sys().lock(f, F_SETLK, FileLock.of(F_WRLCK, 0, 0)));
          Program other = Program.holdingLocks(t, "record", "g", "record", "f");
          other.line();
          t.same("0", other.line());
          t.same("asking", other.line());
          other.awaitBlockedIn(SystemCall.FCNTL);
          t.fails(EDEADLK, t.sys().lock(g, F_SETLKW, FileLock.of(F_WRLCK, 0, 0)));
          t.ok(t.sys().lock(f, F_SETLK, FileLock.of(F_UNLCK, 0, 0)));
          t.same("0", other.line());
          other.end();
          t.ok(t.sys().lock(g, F_SETLKW, FileLock.of(F_WRLCK, 0, 0)));
        });
  }

  /** Waiting costs the file system nothing: everything else goes on, and all get their turn. */
  private static void thousandWaiters(Sandbox t) throws Exception {
    t.file("f");
    int one = t.fd("f", O_RDWR);
    t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 0)));
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      int fd = t.fd("f", O_RDWR);
      int at = i / 2;
      waiters.add(
          Waiter.start(
              t,
              () -> {
                long answer = t.sys().lock(fd, F_OFD_SETLKW, FileLock.of(F_WRLCK, at, 1));
                return answer == 0
                    ? t.sys().lock(fd, F_OFD_SETLK, FileLock.of(F_UNLCK, 0, 0))
                    : answer;
              }));
    }
    for (Waiter waiter : waiters) {
      waiter.awaitBlocked();
      t.holds(!waiter.isDone(), "it waits");
    }
    for (int i = 0; i < 100; i++) {
      t.file("g" + i, "goes on");
      t.same("goes on", t.content("g" + i));
      t.ok(t.unlink("g" + i));
    }
    t.ok(t.sys().lock(one, F_OFD_SETLK, FileLock.of(F_UNLCK, 0, 0)));
    for (Waiter waiter : waiters) {
      t.same(0L, waiter.answer());
    }
  }
}
