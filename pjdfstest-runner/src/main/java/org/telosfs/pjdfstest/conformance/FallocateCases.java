package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_COLLAPSE_RANGE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_INSERT_RANGE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_KEEP_SIZE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_PUNCH_HOLE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_ZERO_RANGE;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFBIG;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENODEV;
import static org.telosfs.pjdfstest.syscall.Errno.EOPNOTSUPP;
import static org.telosfs.pjdfstest.syscall.Errno.ESPIPE;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.List;
import org.telosfs.pjdfstest.syscall.Statx;

/** fallocate(2) in all its modes. */
final class FallocateCases implements CaseTable {
  private static final int CHUNK = 1 << 16;
  private static final int PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

  @Override
  public String name() {
    return "fallocate";
  }

  @Override
  public void define(CaseList cases) {
    defineAllocation(cases);
    defineHoles(cases);
    defineShifts(cases);
    defineRefusals(cases);
    for (int mode :
        List.of(
            0,
            FALLOC_FL_KEEP_SIZE,
            PUNCH,
            FALLOC_FL_ZERO_RANGE,
            FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE)) {
      defineForEachMode(cases, mode);
    }
  }

  private static void defineAllocation(CaseList cases) {
    cases.add(
        "extends-with-zeros",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, 0, 0, 10L * CHUNK));
          t.same(10L * CHUNK, t.stat("f").sizeBytes());
          t.holds(t.stat("f").blocks512() >= 10 * CHUNK / 512, "the space is taken");
          t.holds(("abc" + "\0".repeat(CHUNK)).startsWith(t.pread(fd, CHUNK, 0)), "zeros");
          t.ok(t.pwrite(fd, "xyz", 5L * CHUNK));
          t.same("\0xyz\0", t.pread(fd, 5, 5L * CHUNK - 1));
        });
    cases.add(
        "leaves-content-alone",
        t -> {
          t.file("f", "x".repeat(3 * CHUNK));
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, 0, 100, CHUNK));
          t.same(3L * CHUNK, t.stat("f").sizeBytes());
          t.holds("x".repeat(3 * CHUNK).equals(t.content("f")), "unchanged");
        });
    cases.add(
        "keep-size-takes-space-beyond-the-end",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 10L * CHUNK));
          t.same(3L, t.stat("f").sizeBytes());
          t.holds(t.stat("f").blocks512() >= 10 * CHUNK / 512, "the space is taken");
          t.same("abc", t.content("f"));
          t.ok(t.sys().ftruncate(fd, 3));
          t.holds(t.stat("f").blocks512() < 10 * CHUNK / 512, "truncate gives it back");
        });
    cases.add(
        "fills-a-hole",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.ok(t.sys().ftruncate(fd, 20L * CHUNK));
          t.ok(t.pwrite(fd, "data", 3L * CHUNK));
          t.ok(t.sys().fallocate(fd, 0, 2L * CHUNK, 4L * CHUNK));
          t.holds(t.stat("f").blocks512() >= 4 * CHUNK / 512, "the space is taken");
          t.same("\0data\0", t.pread(fd, 6, 3L * CHUNK - 1));
        });
  }

  private static void defineHoles(CaseList cases) {
    for (int shift : List.of(0, 1, 2000)) {
      cases.add(
          "punch-hole-" + shift + "-bytes-off-the-grid",
          t -> {
            t.file("f", "x".repeat(4 * CHUNK));
            int fd = t.fd("f", O_RDWR);
            t.ok(t.sys().fsync(fd));
            long blocks = t.stat("f").blocks512();
            t.ok(t.sys().fallocate(fd, PUNCH, CHUNK - shift, CHUNK + 2L * shift));
            t.same(4L * CHUNK, t.stat("f").sizeBytes());
            t.same("x\0", t.pread(fd, 2, CHUNK - shift - 1));
            t.same("\0x", t.pread(fd, 2, 2L * CHUNK + shift - 1));
            t.holds("\0".repeat(CHUNK).equals(t.pread(fd, CHUNK, CHUNK)), "zeros");
            t.holds(blocks - t.stat("f").blocks512() >= CHUNK / 512, "the space is given back");
          });
    }
    cases.add(
        "punch-hole-within-a-block",
        t -> {
          t.file("f", "x".repeat(4096));
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, PUNCH, 100, 50));
          t.same("x".repeat(100) + "\0".repeat(50) + "x".repeat(3946), t.content("f"));
        });
    cases.add(
        "punch-hole-beyond-the-end",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, PUNCH, 1L << 30, CHUNK));
          t.ok(t.sys().fallocate(fd, PUNCH, 2, CHUNK));
          t.same("ab\0", t.content("f"));
        });
    cases.add(
        "punch-hole-must-keep-the-size",
        t -> {
          t.file("f", "abc");
          t.fails(EOPNOTSUPP, t.sys().fallocate(t.fd("f", O_RDWR), FALLOC_FL_PUNCH_HOLE, 0, 1));
        });
    for (int keep : List.of(0, FALLOC_FL_KEEP_SIZE)) {
      cases.add(
          "zero-range" + (keep == 0 ? "" : "-keeping-the-size"),
          t -> {
            t.file("f", "x".repeat(2 * CHUNK));
            int fd = t.fd("f", O_RDWR);
            t.ok(t.sys().fallocate(fd, FALLOC_FL_ZERO_RANGE | keep, 1000, CHUNK));
            t.same("x\0", t.pread(fd, 2, 999));
            t.same("\0x", t.pread(fd, 2, 999 + CHUNK));
            t.same(2L * CHUNK, t.stat("f").sizeBytes());
            t.ok(t.sys().fallocate(fd, FALLOC_FL_ZERO_RANGE | keep, CHUNK, 2L * CHUNK));
            t.same((keep == 0 ? 3L : 2L) * CHUNK, t.stat("f").sizeBytes());
            t.holds("\0".repeat(CHUNK).equals(t.pread(fd, CHUNK, CHUNK)), "zeros");
          });
    }
  }

  private static void defineShifts(CaseList cases) {
    Need need = Need.KERNEL_PASSES_RANGE_SHIFTS;
    cases.add(
        "collapse-range",
        need,
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          for (char c = 'a'; c <= 'd'; c++) {
            t.ok(t.write(fd, String.valueOf(c).repeat(CHUNK)));
          }
          t.ok(t.sys().fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, CHUNK, CHUNK));
          t.same(3L * CHUNK, t.stat("f").sizeBytes());
          t.same("ac", t.pread(fd, 2, CHUNK - 1));
          t.same("cd", t.pread(fd, 2, 2L * CHUNK - 1));
        });
    cases.add(
        "insert-range",
        need,
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.ok(t.write(fd, "a".repeat(CHUNK) + "b".repeat(CHUNK)));
          t.ok(t.sys().fallocate(fd, FALLOC_FL_INSERT_RANGE, CHUNK, CHUNK));
          t.same(3L * CHUNK, t.stat("f").sizeBytes());
          t.same("a\0", t.pread(fd, 2, CHUNK - 1));
          t.same("\0b", t.pread(fd, 2, 2L * CHUNK - 1));
        });
    cases.add(
        "shifts-of-ranges-that-do-not-fit",
        need,
        t -> {
          t.file("f", "x".repeat(2 * CHUNK));
          int fd = t.fd("f", O_RDWR);
          for (int mode : List.of(FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE)) {
            t.fails(EINVAL, t.sys().fallocate(fd, mode, 1, CHUNK));
            t.fails(EINVAL, t.sys().fallocate(fd, mode, 0, 1));
            t.fails(EINVAL, t.sys().fallocate(fd, mode, 2L * CHUNK, CHUNK));
          }
          t.fails(EINVAL, t.sys().fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, CHUNK, CHUNK));
        });
  }

  private static void defineForEachMode(CaseList cases, int mode) {
    String word = String.format("mode-%02x-", mode);
    cases.add(
        word + "updates-times",
        t -> {
          t.file("f", "x".repeat(CHUNK));
          int fd = t.fd("f", O_RDWR);
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.sys().fallocate(fd, mode, 10, 2L * CHUNK));
          Statx after = t.stat("f");
          t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
        });
    cases.add(
        word + "clears-set-id-bits",
        t -> {
          t.file("f", "x".repeat(CHUNK));
          t.ok(t.chmod("f", 06777));
          t.as(ALICE, () -> t.ok(t.sys().fallocate(t.fd("f", O_RDWR), mode, 10, CHUNK)));
          t.sameMode(0777, t.stat("f").permissions());
        });
    cases.add(
        word + "of-bad-ranges",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().fallocate(fd, mode, -1, 10));
          t.fails(EINVAL, t.sys().fallocate(fd, mode, 0, 0));
          t.fails(EINVAL, t.sys().fallocate(fd, mode, 0, -1));
          t.fails(EFBIG, t.sys().fallocate(fd, mode, Long.MAX_VALUE, 1));
          t.fails(EFBIG, t.sys().fallocate(fd, mode, 10, Long.MAX_VALUE));
          t.same("abc", t.content("f"));
        });
    cases.add(
        word + "of-bad-descriptors",
        t -> {
          t.file("f", "abc");
          t.fails(EBADF, t.sys().fallocate(t.fd("f", O_RDONLY), mode, 0, 10));
          t.fails(EBADF, t.sys().fallocate(1_000_000, mode, 0, 10));
          t.make(FileKind.FIFO, "p");
          t.fails(ESPIPE, t.sys().fallocate(t.fd("p", O_RDWR), mode, 0, 10));
          t.make(FileKind.CHARACTER_DEVICE, "c");
          t.fails(ENODEV, t.sys().fallocate(t.fd("c", O_RDWR), mode, 0, 10));
          t.fails(EBADF, t.sys().fallocate(t.fd(".", O_RDONLY), mode, 0, 10));
        });
  }

  private static void defineRefusals(CaseList cases) {
    for (int mode :
        List.of(
            0x1000_0000,
            FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE,
            FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE,
            FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE)) {
      cases.add(
          String.format("mode-that-is-none-%x", mode),
          t -> {
            t.file("f", "x".repeat(CHUNK));
            long answer = t.sys().fallocate(t.fd("f", O_RDWR), mode, 0, 4096);
            t.holds(EOPNOTSUPP.is(answer) || EINVAL.is(answer), "refused: " + answer);
            t.same((long) CHUNK, t.stat("f").sizeBytes());
          });
    }
    cases.add(
        "append-descriptor-may-allocate",
        t -> {
          t.file("f", "abc");
          t.ok(t.sys().fallocate(t.fd("f", O_WRONLY | O_APPEND), 0, 0, 100));
          t.same(100L, t.stat("f").sizeBytes());
        });
  }
}
