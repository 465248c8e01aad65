package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFBIG;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EISDIR;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;

/** truncate(2), ftruncate(2), and how large a file may be. */
final class TruncateCases implements CaseTable {
  private static final int BLOCK = 4096;

  @Override
  public String name() {
    return "truncate";
  }

  private interface Change {
    long to(Sandbox t, long bytes);
  }

  private record Way(String word, Change change) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("path", (t, bytes) -> t.sys().truncate("f", bytes)),
          new Way("descriptor", (t, bytes) -> t.sys().ftruncate(t.fd("f", O_RDWR), bytes)));

  @Override
  public void define(CaseList cases) {
    for (Way way : WAYS) {
      defineSizes(cases, way);
    }
    defineRefusals(cases);
    defineLimits(cases);
  }

  private static void defineSizes(CaseList cases, Way way) {
    for (int size : List.of(0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5, 1 << 20)) {
      cases.add(
          "by-" + way.word() + "-down-to-" + size,
          t -> {
            t.file("f", "x".repeat((1 << 20) + 77));
            Statx before = t.stat("f");
            t.nextTick();
            t.ok(way.change().to(t, size));
            Statx after = t.stat("f");
            t.same((long) size, after.sizeBytes());
            t.holds("x".repeat(size).equals(t.content("f")), "what is left is unchanged");
            t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
            t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
            t.ok(way.change().to(t, (1 << 20) + 100));
            t.holds(
                t.content("f")
                    .equals(("x".repeat(size) + "\0".repeat(1 << 20)).substring(0, 1 << 20)),
                "what was cut off comes back as zeros");
          });
    }
    cases.add(
        "by-" + way.word() + "-up-takes-no-space",
        t -> {
          t.file("f", "abc");
          t.ok(way.change().to(t, 1L << 32));
          Statx after = t.stat("f");
          t.same(1L << 32, after.sizeBytes());
          t.holds(after.blocks512() < 1024, "no blocks for the hole");
          int fd = t.fd("f", O_RDONLY);
          t.same("abc\0\0", t.pread(fd, 5, 0));
          t.same("\0\0\0", t.pread(fd, 10, (1L << 32) - 3));
        });
    cases.add(
        "by-" + way.word() + "-down-gives-space-back",
        t -> {
          t.file("f", "x".repeat(1 << 20));
          t.ok(t.sys().fsync(t.fd("f", O_RDWR)));
          t.ok(way.change().to(t, 0));
          t.same(0L, t.stat("f").blocks512());
        });
    cases.add(
        "by-" + way.word() + "-to-a-negative-size",
        t -> {
          t.file("f");
          t.fails(EINVAL, way.change().to(t, -1));
          t.fails(EINVAL, way.change().to(t, Long.MIN_VALUE));
        });
    cases.add(
        "by-" + way.word() + "-clears-set-id-bits",
        t -> {
          t.file("f", "content");
          t.ok(t.chmod("f", 06777));
          t.as(ALICE, () -> t.ok(way.change().to(t, 3)));
          t.sameMode(0777, t.stat("f").permissions());
        });
    cases.add(
        "by-" + way.word() + "-by-root-keeps-set-id-bits",
        t -> {
          t.fileOf(ALICE, "f", 06777);
          t.ok(way.change().to(t, 3));
          t.sameMode(06777, t.stat("f").permissions());
        });
    cases.add(
        "by-" + way.word() + "-keeps-holes-and-order",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          for (int i = 0; i < 10; i++) {
            t.ok(t.pwrite(fd, "block " + i, i * 10L * BLOCK));
          }
          t.ok(way.change().to(t, 45L * BLOCK));
          for (int i = 0; i < 10; i++) {
            t.same(i <= 4 ? "block " + i : "", t.pread(fd, 7, i * 10L * BLOCK));
          }
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "directory",
        t -> {
          t.directory("d");
          t.fails(EISDIR, t.sys().truncate("d", 0));
          t.fails(EINVAL, t.sys().ftruncate(t.fd("d", O_RDONLY), 0));
        });
    for (FileKind kind : List.of(FileKind.FIFO, FileKind.SOCKET, FileKind.CHARACTER_DEVICE)) {
      cases.add(
          kind.word(),
          t -> {
            t.make(kind, "f");
            t.fails(EINVAL, t.sys().truncate("f", 0));
          });
    }
    cases.add(
        "descriptor-of-a-fifo",
        t -> {
          t.make(FileKind.FIFO, "f");
          t.fails(EINVAL, t.sys().ftruncate(t.fd("f", O_RDWR), 0));
        });
    cases.add(
        "descriptor-for-reading",
        t -> {
          t.file("f", "abc");
          t.fails(EINVAL, t.sys().ftruncate(t.fd("f", O_RDONLY), 0));
          t.fails(EBADF, t.sys().ftruncate(1_000_000, 0));
        });
    cases.add(
        "without-write-permission",
        t -> {
          t.fileOf(BOB, "f", 0644);
          t.as(ALICE, () -> t.fails(EACCES, t.sys().truncate("f", 0)));
          t.fileOf(ALICE, "g", 0444);
          t.as(ALICE, () -> t.fails(EACCES, t.sys().truncate("g", 0)));
        });
    cases.add(
        "removed-file",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.unlink("f"));
          t.ok(t.sys().ftruncate(fd, 1));
          t.same("a", t.pread(fd, 4, 0));
        });
    cases.add(
        "same-size-by-descriptor-updates-times",
        t -> {
          t.file("f", "abc");
          Statx before = t.stat("f");
          t.nextTick();
          t.ok(t.sys().ftruncate(t.fd("f", O_RDWR), 3));
          t.holds(t.stat("f").modified().compareTo(before.modified()) > 0, "mtime went on");
        });
  }

  /** The largest size that a file may have, found by trying. */
  private static long largest(Sandbox t, int fd) {
    long fits = 0;
    long tooLarge = Long.MAX_VALUE;
    if (t.sys().ftruncate(fd, Long.MAX_VALUE) == 0) {
      return Long.MAX_VALUE;
    }
    while (tooLarge - fits > 1) {
      long middle = fits + (tooLarge - fits) / 2;
      long answer = t.sys().ftruncate(fd, middle);
      if (answer == 0) {
        fits = middle;
      } else {
        t.fails(EFBIG, answer);
        tooLarge = middle;
      }
    }
    return fits;
  }

  private static void defineLimits(CaseList cases) {
    cases.add(
        "largest-size",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          long largest = largest(t, fd);
          t.holds(largest >= (1L << 41) - 1, "at least 2 TiB: " + largest);
          t.ok(t.sys().ftruncate(fd, largest) == 0 ? 0 : -1);
          t.same(largest, t.stat("f").sizeBytes());
          t.same("\0", t.pread(fd, 1, largest - 1));
          if (largest < Long.MAX_VALUE) {
            t.same("", t.pread(fd, 1, largest));
            t.fails(EFBIG, t.sys().ftruncate(fd, largest + 1));
            t.fails(EFBIG, t.sys().truncate("f", largest + 1));
          }
          t.same(largest, t.stat("f").sizeBytes());
        });
    cases.add(
        "last-byte-of-the-largest-size",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          long largest = largest(t, fd);
          t.ok(t.sys().ftruncate(fd, 0));
          t.same(1, t.ok(t.pwrite(fd, "z", largest - 1)));
          t.same(largest, t.stat("f").sizeBytes());
          t.same("z", t.pread(fd, 1, largest - 1));
          t.holds(t.stat("f").blocks512() < 1024, "the rest is a hole");
          t.ok(t.sys().ftruncate(fd, 0));
          t.same(0L, t.stat("f").sizeBytes());
        });
    cases.add(
        "write-beyond-the-largest-size",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          long largest = largest(t, fd);
          t.ok(t.sys().ftruncate(fd, 0));
          if (largest < Long.MAX_VALUE) {
            t.fails(EFBIG, t.pwrite(fd, "z", largest));
            t.same("a write over the limit is short", 2, t.ok(t.pwrite(fd, "zzzz", largest - 2)));
            t.fails(EFBIG, t.sys().fallocate(fd, 0, largest, 1));
          }
          t.fails(EINVAL, t.sys().pwrite(fd, NativeMemory.allocate(4), 4, Long.MAX_VALUE));
          t.fails(EINVAL, t.sys().pread(fd, NativeMemory.allocate(4), 4, Long.MAX_VALUE));
          t.fails(EFBIG, t.sys().fallocate(fd, 0, Long.MAX_VALUE, 1));
        });
    cases.add(
        "over-the-limit-of-the-process",
        t -> {
          Program.Outcome killed =
              Program.run(t, "ulimit -f 8; exec dd if=/dev/zero of=f bs=1024 count=16");
          t.same("killed by SIGXFSZ", 128 + 25, killed.status());
          t.same(4096L, t.stat("f").sizeBytes());
          Program.Outcome told =
              Program.run(
                  t, "trap '' XFSZ; ulimit -f 8; LC_ALL=C dd if=/dev/zero of=g bs=1024 count=16");
          t.same("dd fails", 1, told.status());
          t.holds(told.said().contains("File too large"), "EFBIG: " + told.said());
          t.same(4096L, t.stat("g").sizeBytes());
        });
    cases.add(
        "truncate-over-the-limit-of-the-process",
        t -> {
          t.file("f");
          Program.Outcome told =
              Program.run(t, "trap '' XFSZ; ulimit -f 8; LC_ALL=C truncate -s 10000 f");
          t.holds(told.said().contains("File too large"), "EFBIG: " + told.said());
          t.same(0L, t.stat("f").sizeBytes());
          Program.Outcome fits = Program.run(t, "ulimit -f 8; truncate -s 4096 f");
          t.same(0, fits.status());
        });
    cases.add(
        "fallocate-over-the-limit-of-the-process",
        t -> {
          Program.Outcome told =
              Program.run(t, "trap '' XFSZ; ulimit -f 8; LC_ALL=C fallocate -l 10000 f");
          t.holds(told.said().contains("File too large"), "EFBIG: " + told.said());
        });
  }
}
