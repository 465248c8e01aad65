package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_SET;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFBIG;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EISDIR;
import static org.telosfs.pjdfstest.syscall.Errno.EOVERFLOW;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.util.List;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** copy_file_range(2). */
final class CopyRangeCases implements CaseTable {
  private static final int CHUNK = 1 << 16;

  @Override
  public String name() {
    return "copy";
  }

  private static int source(Sandbox t) {
    int fd = t.fd("from", O_RDWR | O_CREAT);
    for (char c = 'a'; c <= 'd'; c++) {
      t.ok(t.write(fd, String.valueOf(c).repeat(CHUNK)));
    }
    return fd;
  }

  @Override
  public void define(CaseList cases) {
    defineCopies(cases);
    defineWithinOneFile(cases);
    defineEffects(cases);
    defineRefusals(cases);
  }

  private static void defineCopies(CaseList cases) {
    cases.add(
        "whole-file",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.same(4L * CHUNK, t.sys().copyFileRange(from, 0, to, 0, 4L * CHUNK, 0));
          t.holds(t.content("from").equals(t.content("to")), "the same content");
        });
    for (int shift : List.of(0, 1, 4095)) {
      cases.add(
          "range-to-a-place-" + shift + "-bytes-off-the-grid",
          t -> {
            int from = source(t);
            int to = t.fd("to", O_RDWR | O_CREAT);
            t.ok(t.write(to, "x".repeat(6 * CHUNK)));
            t.same(
                2L * CHUNK,
                t.sys().copyFileRange(from, CHUNK, to, 3L * CHUNK + shift, 2L * CHUNK, 0));
            t.same("xb", t.pread(to, 2, 3L * CHUNK + shift - 1));
            t.same("bc", t.pread(to, 2, 4L * CHUNK + shift - 1));
            t.same("cx", t.pread(to, 2, 5L * CHUNK + shift - 1));
            t.same(6L * CHUNK, t.stat("to").sizeBytes());
          });
    }
    cases.add(
        "cut-at-the-end-of-the-source",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.same((long) CHUNK, t.sys().copyFileRange(from, 3L * CHUNK, to, 0, 1L << 30, 0));
          t.same(0L, t.sys().copyFileRange(from, 4L * CHUNK, to, 0, 1L << 30, 0));
          t.same(0L, t.sys().copyFileRange(from, 1L << 40, to, 0, 1, 0));
          t.same((long) CHUNK, t.stat("to").sizeBytes());
        });
    cases.add(
        "nothing",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.same(0L, t.sys().copyFileRange(from, 0, to, 1000, 0, 0));
          t.same(0L, t.stat("to").sizeBytes());
        });
    cases.add(
        "from-the-positions-of-the-files",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.ok(t.sys().lseek(from, CHUNK - 1, SEEK_SET));
          t.same(2L, t.sys().call(SystemCall.COPY_FILE_RANGE, from, null, to, null, 2, 0));
          t.same("ab", t.content("to"));
          t.same(CHUNK + 1L, t.sys().lseek(from, 0, SEEK_CUR));
          t.same(2L, t.sys().lseek(to, 0, SEEK_CUR));
        });
    cases.add(
        "given-offsets-leave-the-positions",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.ok(t.sys().lseek(from, 5, SEEK_SET));
          t.same(10L, t.sys().copyFileRange(from, 100, to, 0, 10, 0));
          t.same(5L, t.sys().lseek(from, 0, SEEK_CUR));
          t.same(0L, t.sys().lseek(to, 0, SEEK_CUR));
        });
    cases.add(
        "holes-read-as-zeros-in-the-copy",
        t -> {
          int from = t.fd("from", O_RDWR | O_CREAT);
          t.ok(t.pwrite(from, "data", 5L * CHUNK));
          t.ok(t.sys().ftruncate(from, 10L * CHUNK));
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.ok(t.write(to, "x".repeat(10 * CHUNK)));
          t.same(10L * CHUNK, t.sys().copyFileRange(from, 0, to, 0, 10L * CHUNK, 0));
          t.holds(t.content("from").equals(t.content("to")), "the same content");
        });
    cases.add(
        "target-beyond-its-end-leaves-a-hole",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.same(4L, t.sys().copyFileRange(from, 0, to, 10L * CHUNK, 4, 0));
          t.same("\0aaaa", t.pread(to, 10, 10L * CHUNK - 1));
        });
    cases.add(
        "what-was-written-last-is-copied",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.ok(t.pwrite(from, "new", 10));
          t.same(20L, t.sys().copyFileRange(from, 0, to, 0, 20, 0));
          t.same("aaaaaaaaaanewaaaaaaa", t.content("to"));
        });
    cases.add(
        "later-writes-stay-on-their-side",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.same(4L * CHUNK, t.sys().copyFileRange(from, 0, to, 0, 4L * CHUNK, 0));
          t.ok(t.pwrite(from, "SOURCE", 100));
          t.ok(t.pwrite(to, "TARGET", CHUNK + 5000));
          t.same("aaaaaa", t.pread(to, 6, 100));
          t.same("bbbbbb", t.pread(from, 6, CHUNK + 5000));
          t.ok(t.unlink("from"));
          t.ok(t.sys().ftruncate(from, 0));
          t.same("dd", t.pread(to, 2, 4L * CHUNK - 2));
        });
  }

  private static void defineWithinOneFile(CaseList cases) {
    cases.add(
        "within-a-file",
        t -> {
          int fd = source(t);
          t.same((long) CHUNK, t.sys().copyFileRange(fd, 0, fd, 2L * CHUNK, CHUNK, 0));
          t.same("ba", t.pread(fd, 2, 2L * CHUNK - 1));
          t.same("ad", t.pread(fd, 2, 3L * CHUNK - 1));
        });
    cases.add(
        "within-a-file-to-its-end",
        t -> {
          int fd = source(t);
          t.same((long) CHUNK, t.sys().copyFileRange(fd, CHUNK, fd, 4L * CHUNK, CHUNK, 0));
          t.same("db", t.pread(fd, 2, 4L * CHUNK - 1));
          t.same(5L * CHUNK, t.stat("from").sizeBytes());
        });
    cases.add(
        "ranges-that-overlap",
        t -> {
          int fd = source(t);
          int same = t.fd("from", O_RDWR);
          t.fails(EINVAL, t.sys().copyFileRange(fd, 0, fd, 100, CHUNK, 0));
          t.fails(EINVAL, t.sys().copyFileRange(fd, 100, fd, 0, CHUNK, 0));
          t.fails(EINVAL, t.sys().copyFileRange(fd, 0, same, CHUNK - 1, CHUNK, 0));
          t.fails(EINVAL, t.sys().copyFileRange(fd, 0, fd, 0, 1, 0));
        });
  }

  private static void defineEffects(CaseList cases) {
    cases.add(
        "updates-the-times-of-the-target",
        t -> {
          int from = source(t);
          t.file("to", "abc");
          int to = t.fd("to", O_RDWR);
          Statx source = t.stat("from");
          Statx before = t.stat("to");
          t.nextTick();
          t.same(10L, t.sys().copyFileRange(from, 0, to, 0, 10, 0));
          Statx after = t.stat("to");
          t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          t.same(source.modified(), t.stat("from").modified());
        });
    cases.add(
        "clears-set-id-bits-of-the-target",
        t -> {
          source(t);
          t.file("to");
          t.ok(t.chmod("to", 06777));
          t.as(
              ALICE,
              () ->
                  t.same(
                      10L,
                      t.sys()
                          .copyFileRange(t.fd("from", O_RDONLY), 0, t.fd("to", O_RDWR), 0, 10, 0)));
          t.sameMode(0777, t.stat("to").permissions());
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "descriptors-that-do-not-fit",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.fails(EBADF, t.sys().copyFileRange(t.fd("from", O_WRONLY), 0, to, 0, 10, 0));
          t.fails(EBADF, t.sys().copyFileRange(from, 0, t.fd("to", O_RDONLY), 0, 10, 0));
          t.fails(EBADF, t.sys().copyFileRange(from, 0, t.fd("to", O_RDWR | O_APPEND), 0, 10, 0));
          t.fails(EBADF, t.sys().copyFileRange(1_000_000, 0, to, 0, 10, 0));
          t.fails(EBADF, t.sys().copyFileRange(from, 0, 1_000_000, 0, 10, 0));
          t.same(0L, t.stat("to").sizeBytes());
        });
    cases.add(
        "directories-and-fifos",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          int directory = t.fd(".", O_RDONLY);
          t.fails(EISDIR, t.sys().copyFileRange(directory, 0, to, 0, 10, 0));
          t.make(FileKind.FIFO, "p");
          int fifo = t.fd("p", O_RDWR);
          t.fails(EINVAL, t.sys().call(SystemCall.COPY_FILE_RANGE, from, null, fifo, null, 10, 0));
          t.fails(EINVAL, t.sys().call(SystemCall.COPY_FILE_RANGE, fifo, null, to, null, 10, 0));
        });
    cases.add(
        "unknown-flags",
        t -> {
          int from = source(t);
          t.fails(EINVAL, t.sys().copyFileRange(from, 0, t.fd("to", O_RDWR | O_CREAT), 0, 1, 1));
        });
    cases.add(
        "offsets-that-overflow",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          t.fails(EOVERFLOW, t.sys().copyFileRange(from, 10, to, 0, -1, 0));
          t.fails(EOVERFLOW, t.sys().copyFileRange(from, 0, to, 10, -1, 0));
        });
    cases.add(
        "target-beyond-the-largest-file",
        t -> {
          int from = source(t);
          int to = t.fd("to", O_RDWR | O_CREAT);
          if (t.sys().ftruncate(to, Long.MAX_VALUE - 10) == 0) {
            t.ok(t.sys().ftruncate(to, 0));
          } else {
            t.fails(EFBIG, t.sys().copyFileRange(from, 0, to, Long.MAX_VALUE - 100, 50, 0));
          }
        });
  }
}
