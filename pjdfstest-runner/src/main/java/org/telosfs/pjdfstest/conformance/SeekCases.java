package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_KEEP_SIZE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_PUNCH_HOLE;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_DATA;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_END;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_HOLE;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_SET;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENXIO;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.NativeMemory;

/** lseek(2), with data and holes. */
final class SeekCases implements CaseTable {
  /** Large enough for the granularity of any file system's holes. */
  private static final int CHUNK = 1 << 16;

  @Override
  public String name() {
    return "seek";
  }

  @Override
  public void define(CaseList cases) {
    definePositions(cases);
    defineHoles(cases);
  }

  private static void definePositions(CaseList cases) {
    cases.add(
        "set-current-and-end",
        t -> {
          t.file("f", "0123456789");
          int fd = t.fd("f", O_RDONLY);
          t.same(7L, t.sys().lseek(fd, 7, SEEK_SET));
          t.same(9L, t.sys().lseek(fd, 2, SEEK_CUR));
          t.same(4L, t.sys().lseek(fd, -5, SEEK_CUR));
          t.same(8L, t.sys().lseek(fd, -2, SEEK_END));
          t.same(110L, t.sys().lseek(fd, 100, SEEK_END));
          t.same(0, t.ok(t.sys().read(fd, NativeMemory.allocate(1), 1)));
          t.same(10L, t.stat("f").sizeBytes());
        });
    cases.add(
        "before-the-start",
        t -> {
          t.file("f", "0123456789");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().lseek(fd, 5, SEEK_SET));
          t.fails(EINVAL, t.sys().lseek(fd, -1, SEEK_SET));
          t.fails(EINVAL, t.sys().lseek(fd, -6, SEEK_CUR));
          t.fails(EINVAL, t.sys().lseek(fd, -11, SEEK_END));
          t.fails(EINVAL, t.sys().lseek(fd, 0, 99));
          t.same(5L, t.sys().lseek(fd, 0, SEEK_CUR));
          t.fails(EBADF, t.sys().lseek(1_000_000, 0, SEEK_SET));
        });
    cases.add(
        "end-follows-the-size",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDONLY);
          t.same(3L, t.sys().lseek(fd, 0, SEEK_END));
          t.ok(t.sys().truncate("f", 1L << 40));
          t.same(1L << 40, t.sys().lseek(fd, 0, SEEK_END));
        });
    cases.add(
        "overflow",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().lseek(fd, 3, SEEK_SET));
          t.fails(EINVAL, t.sys().lseek(fd, Long.MAX_VALUE, SEEK_END));
          t.same(3L, t.sys().lseek(fd, 0, SEEK_CUR));
        });
  }

  /** Data at 1, 3 and 4, holes at 0, 2, 5 and 6: seven chunks in all. */
  private static int holey(Sandbox t) {
    int fd = t.fd("f", O_RDWR | O_CREAT);
    for (int chunk : List.of(1, 3, 4)) {
      t.ok(t.pwrite(fd, "x".repeat(CHUNK), (long) chunk * CHUNK));
    }
    t.ok(t.sys().ftruncate(fd, 7L * CHUNK));
    return fd;
  }

  private static void defineHoles(CaseList cases) {
    int[][] next = {
      {0, 1, 0}, {1, 1, 2}, {2, 3, 2}, {3, 3, 5}, {4, 4, 5}, {5, -1, 5}, {6, -1, 6},
    };
    for (int[] row : next) {
      for (int within : List.of(0, 1, CHUNK / 2 + 5)) {
        cases.add(
            "from-chunk-" + row[0] + "-and-" + within,
            t -> {
              int fd = holey(t);
              long at = (long) row[0] * CHUNK + within;
              if (row[1] < 0) {
                t.fails(ENXIO, t.sys().lseek(fd, at, SEEK_DATA));
              } else {
                long data = row[1] == row[0] ? at : (long) row[1] * CHUNK;
                t.same("data", data, t.sys().lseek(fd, at, SEEK_DATA));
                t.same("position", data, t.sys().lseek(fd, 0, SEEK_CUR));
              }
              long hole = row[2] == row[0] ? at : (long) row[2] * CHUNK;
              t.same("hole", hole, t.sys().lseek(fd, at, SEEK_HOLE));
            });
      }
    }
    cases.add(
        "beyond-the-end",
        t -> {
          int fd = holey(t);
          t.fails(ENXIO, t.sys().lseek(fd, 7L * CHUNK, SEEK_DATA));
          t.fails(ENXIO, t.sys().lseek(fd, 7L * CHUNK, SEEK_HOLE));
          t.fails(ENXIO, t.sys().lseek(fd, 1L << 40, SEEK_DATA));
          t.fails(ENXIO, t.sys().lseek(fd, -1, SEEK_DATA));
          t.fails(ENXIO, t.sys().lseek(fd, -1, SEEK_HOLE));
        });
    cases.add(
        "empty-file",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.fails(ENXIO, t.sys().lseek(fd, 0, SEEK_DATA));
          t.fails(ENXIO, t.sys().lseek(fd, 0, SEEK_HOLE));
        });
    cases.add(
        "file-that-is-all-hole",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.ok(t.sys().ftruncate(fd, 1 << 20));
          t.fails(ENXIO, t.sys().lseek(fd, 0, SEEK_DATA));
          t.same(0L, t.sys().lseek(fd, 0, SEEK_HOLE));
          t.same(5L, t.sys().lseek(fd, 5, SEEK_HOLE));
        });
    cases.add(
        "file-that-is-all-data",
        t -> {
          t.file("f", "x".repeat(CHUNK + 17));
          int fd = t.fd("f", O_RDONLY);
          t.same(0L, t.sys().lseek(fd, 0, SEEK_DATA));
          t.same("the end is a hole", CHUNK + 17L, t.sys().lseek(fd, 0, SEEK_HOLE));
        });
    cases.add(
        "punched-hole",
        t -> {
          t.file("f", "x".repeat(4 * CHUNK));
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, CHUNK, CHUNK));
          t.same((long) CHUNK, t.sys().lseek(fd, 0, SEEK_HOLE));
          t.same(2L * CHUNK, t.sys().lseek(fd, CHUNK, SEEK_DATA));
        });
    cases.add(
        "zeros-that-were-written-are-data",
        t -> {
          t.file("f", "\0".repeat(CHUNK));
          int fd = t.fd("f", O_RDWR);
          t.same(0L, t.sys().lseek(fd, 0, SEEK_DATA));
        });
  }
}
