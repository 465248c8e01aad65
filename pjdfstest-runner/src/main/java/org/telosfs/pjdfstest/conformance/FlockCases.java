package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.F_OFD_SETLK;
import static org.telosfs.pjdfstest.syscall.Abi.F_WRLCK;
import static org.telosfs.pjdfstest.syscall.Abi.LOCK_EX;
import static org.telosfs.pjdfstest.syscall.Abi.LOCK_NB;
import static org.telosfs.pjdfstest.syscall.Abi.LOCK_SH;
import static org.telosfs.pjdfstest.syscall.Abi.LOCK_UN;
import static org.telosfs.pjdfstest.syscall.Errno.EAGAIN;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINTR;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.ArrayList;
import java.util.List;
import org.telosfs.pjdfstest.syscall.FileLock;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** flock(2). */
final class FlockCases implements CaseTable {
  private static final int WAITERS = 1000;

  @Override
  public String name() {
    return "flock";
  }

  @Override
  public void define(CaseList cases) {
    for (int held : List.of(LOCK_SH, LOCK_EX)) {
      for (int asked : List.of(LOCK_SH, LOCK_EX)) {
        cases.add(
            word(asked) + "-while-" + word(held) + "-is-held",
            t -> {
              t.file("f");
              int one = t.fd("f", O_RDWR);
              int two = t.fd("f", O_RDWR);
              t.ok(t.sys().flock(one, held));
              if (held == LOCK_SH && asked == LOCK_SH) {
                t.ok(t.sys().flock(two, asked | LOCK_NB));
              } else {
                t.fails(EAGAIN, t.sys().flock(two, asked | LOCK_NB));
                t.ok(t.sys().flock(one, LOCK_UN));
                t.ok(t.sys().flock(two, asked | LOCK_NB));
              }
            });
        cases.add(
            word(asked) + "-waits-until-" + word(held) + "-is-given-back",
            t -> {
              t.file("f");
              int one = t.fd("f", O_RDWR);
              int two = t.fd("f", O_RDWR);
              t.ok(t.sys().flock(one, held));
              Waiter waiter = Waiter.start(t, () -> t.sys().flock(two, asked)).awaitBlocked();
              boolean mustWait = held == LOCK_EX || asked == LOCK_EX;
              t.holds(!mustWait || !waiter.isDone(), "it waits");
              t.ok(t.sys().flock(one, LOCK_UN));
              t.same(0L, waiter.answer());
            });
      }
    }
    defineOwnership(cases);
    defineEnds(cases);
    defineRefusals(cases);
    cases.add("thousand-waiters", t -> thousandWaiters(t));
  }

  private static String word(int operation) {
    return operation == LOCK_SH ? "shared" : "exclusive";
  }

  private static void defineOwnership(CaseList cases) {
    cases.add(
        "belongs-to-the-open-file-not-the-descriptor",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int twin = t.kept(t.sys().call(SystemCall.DUP, one));
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().flock(one, LOCK_EX));
          t.ok(t.sys().flock(twin, LOCK_EX | LOCK_NB));
          t.ok(t.close(one));
          t.fails(EAGAIN, t.sys().flock(two, LOCK_EX | LOCK_NB));
          t.ok(t.close(twin));
          t.ok(t.sys().flock(two, LOCK_EX | LOCK_NB));
        });
    cases.add(
        "converts-both-ways",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().flock(one, LOCK_SH));
          t.ok(t.sys().flock(one, LOCK_EX | LOCK_NB));
          t.fails(EAGAIN, t.sys().flock(two, LOCK_SH | LOCK_NB));
          t.ok(t.sys().flock(one, LOCK_SH));
          t.ok(t.sys().flock(two, LOCK_SH | LOCK_NB));
          t.fails(EAGAIN, t.sys().flock(one, LOCK_EX | LOCK_NB));
        });
    cases.add(
        "needs-no-access-mode",
        t -> {
          t.file("f");
          t.ok(t.sys().flock(t.fd("f", O_RDONLY), LOCK_EX));
          t.directory("d");
          t.ok(t.sys().flock(t.fd("d", O_RDONLY), LOCK_EX));
          t.fails(EAGAIN, t.sys().flock(t.fd("d", O_RDONLY), LOCK_SH | LOCK_NB));
        });
    cases.add(
        "through-any-link",
        t -> {
          t.file("f");
          t.ok(t.link("f", "g"));
          t.ok(t.sys().flock(t.fd("f", O_RDWR), LOCK_EX));
          t.fails(EAGAIN, t.sys().flock(t.fd("g", O_RDWR), LOCK_EX | LOCK_NB));
        });
    cases.add(
        "apart-from-record-locks",
        t -> {
          t.file("f");
          t.ok(t.sys().flock(t.fd("f", O_RDWR), LOCK_EX));
          t.ok(t.sys().lock(t.fd("f", O_RDWR), F_OFD_SETLK, FileLock.of(F_WRLCK, 0, 0)));
        });
    cases.add(
        "of-a-removed-file",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.unlink("f"));
          t.ok(t.sys().flock(one, LOCK_EX));
          t.fails(EAGAIN, t.sys().flock(two, LOCK_EX | LOCK_NB));
        });
  }

  private static void defineEnds(CaseList cases) {
    cases.add(
        "close-wakes-a-waiter",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().flock(one, LOCK_EX));
          Waiter waiter = Waiter.start(t, () -> t.sys().flock(two, LOCK_EX)).awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          t.ok(t.close(one));
          t.same(0L, waiter.answer());
        });
    cases.add(
        "signal-interrupts-a-waiter",
        t -> {
          t.file("f");
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          t.ok(t.sys().flock(one, LOCK_EX));
          Waiter waiter = Waiter.start(t, () -> t.sys().flock(two, LOCK_EX)).awaitBlocked();
          waiter.interrupt();
          t.fails(EINTR, waiter.answer());
          t.ok(t.sys().flock(one, LOCK_UN));
          t.ok(t.sys().flock(t.fd("f", O_RDWR), LOCK_EX | LOCK_NB));
        });
    cases.add(
        "death-of-a-process-gives-it-back",
        t -> {
          t.file("f");
          Program holder = Program.holdingLocks(t, "flock", "f");
          t.same("asking", holder.line());
          t.same("0", holder.line());
          int fd = t.fd("f", O_RDWR);
          t.fails(EAGAIN, t.sys().flock(fd, LOCK_EX | LOCK_NB));
          Waiter waiter = Waiter.start(t, () -> t.sys().flock(fd, LOCK_EX)).awaitBlocked();
          t.holds(!waiter.isDone(), "it waits");
          holder.end();
          t.same(0L, waiter.answer());
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "bad-arguments",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().flock(fd, 0));
          t.fails(EINVAL, t.sys().flock(fd, LOCK_SH | LOCK_EX));
          t.fails(EBADF, t.sys().flock(1_000_000, LOCK_EX));
          t.fails(EBADF, t.sys().flock(t.fd("f", O_PATH), LOCK_EX));
        });
  }

  /** Waiting costs the file system nothing: everything else goes on, and all get their turn. */
  private static void thousandWaiters(Sandbox t) throws Exception {
    t.file("f");
    int one = t.fd("f", O_RDWR);
    t.ok(t.sys().flock(one, LOCK_EX));
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < WAITERS; i++) {
      int fd = t.fd("f", O_RDWR);
      waiters.add(
          Waiter.start(
              t,
              () -> {
                long answer = t.sys().flock(fd, LOCK_EX);
                return answer == 0 ? t.sys().flock(fd, LOCK_UN) : answer;
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
    t.ok(t.sys().flock(one, LOCK_UN));
    for (Waiter waiter : waiters) {
      t.same(0L, waiter.answer());
    }
  }
}
