package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.SYNC_FILE_RANGE_WRITE;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ESPIPE;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECTORY;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** fsync(2), fdatasync(2), syncfs(2), sync_file_range(2), posix_fadvise(2). */
final class SyncCases implements CaseTable {
  @Override
  public String name() {
    return "sync";
  }

  @Override
  public void define(CaseList cases) {
    for (SystemCall call : List.of(SystemCall.FSYNC, SystemCall.FDATASYNC)) {
      String word = call.name().toLowerCase(java.util.Locale.ROOT);
      cases.add(
          word + "-of-files",
          t -> {
            int fd = t.fd("f", O_RDWR | O_CREAT);
            t.ok(t.sys().call(call, fd));
            t.ok(t.write(fd, "abc"));
            t.ok(t.sys().call(call, fd));
            t.ok(t.sys().call(call, t.fd("f", O_RDONLY)));
            t.ok(t.unlink("f"));
            t.ok(t.write(fd, "def"));
            t.ok(t.sys().call(call, fd));
          });
      cases.add(
          word + "-of-a-directory",
          t -> {
            t.directory("d");
            int fd = t.fd("d", O_RDONLY | O_DIRECTORY);
            t.file("d/f");
            t.ok(t.sys().call(call, fd));
            t.ok(t.unlink("d/f"));
            t.ok(t.rmdir("d"));
            t.ok(t.sys().call(call, fd));
          });
      cases.add(
          word + "-is-refused",
          t -> {
            t.fails(EBADF, t.sys().call(call, 1_000_000));
            t.make(FileKind.FIFO, "p");
            t.fails(EINVAL, t.sys().call(call, t.fd("p", O_RDWR)));
            t.fails(EBADF, t.sys().call(call, t.fd("p", O_PATH)));
          });
    }
    cases.add(
        "syncfs",
        t -> {
          t.file("f", "abc");
          t.ok(t.sys().call(SystemCall.SYNCFS, t.fd("f", O_RDONLY)));
          t.ok(t.sys().call(SystemCall.SYNCFS, t.fd(".", O_RDONLY)));
          t.fails(EBADF, t.sys().call(SystemCall.SYNCFS, 1_000_000));
        });
    defineRanges(cases);
    defineAdvice(cases);
  }

  private static void defineRanges(CaseList cases) {
    cases.add(
        "range",
        t -> {
          t.file("f", "x".repeat(100_000));
          int fd = t.fd("f", O_RDWR);
          for (int flags = 0; flags < 8; flags++) {
            t.ok(t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, 1000, 5000, flags));
          }
          t.ok(t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, 0, 0, SYNC_FILE_RANGE_WRITE));
          t.ok(t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, 1L << 40, 10, 0));
        });
    cases.add(
        "range-is-refused",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, 0, 0, 8));
          t.fails(EINVAL, t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, -1, 10, 0));
          t.fails(EINVAL, t.sys().call(SystemCall.SYNC_FILE_RANGE, fd, 0, -1, 0));
          t.fails(EBADF, t.sys().call(SystemCall.SYNC_FILE_RANGE, 1_000_000, 0, 0, 0));
          t.make(FileKind.FIFO, "p");
          t.fails(ESPIPE, t.sys().call(SystemCall.SYNC_FILE_RANGE, t.fd("p", O_RDWR), 0, 0, 0));
        });
  }

  private static void defineAdvice(CaseList cases) {
    for (int advice = 0; advice <= 5; advice++) {
      int given = advice;
      cases.add(
          "advice-" + advice,
          t -> {
            t.file("f", "x".repeat(100_000));
            int fd = t.fd("f", O_RDWR);
            t.ok(t.sys().call(SystemCall.FADVISE64, fd, 0, 0, given));
            t.ok(t.sys().call(SystemCall.FADVISE64, fd, 5000, 10_000, given));
            t.ok(t.sys().call(SystemCall.FADVISE64, fd, 1L << 40, 1, given));
            t.holds("x".repeat(100_000).equals(t.content("f")), "content stays");
          });
    }
    cases.add(
        "advice-is-refused",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().call(SystemCall.FADVISE64, fd, 0, 0, 100));
          t.fails(EINVAL, t.sys().call(SystemCall.FADVISE64, fd, 0, -1, 0));
          t.fails(EBADF, t.sys().call(SystemCall.FADVISE64, 1_000_000, 0, 0, 0));
          t.make(FileKind.FIFO, "p");
          t.fails(ESPIPE, t.sys().call(SystemCall.FADVISE64, t.fd("p", O_RDWR), 0, 0, 0));
        });
  }
}
