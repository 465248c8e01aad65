package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.F_OFD_SETLKW;
import static org.telosfs.pjdfstest.syscall.Abi.F_SETLKW;
import static org.telosfs.pjdfstest.syscall.Abi.F_WRLCK;
import static org.telosfs.pjdfstest.syscall.Abi.LOCK_EX;

import java.io.IOException;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.FileLock;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.Open;

/**
 * A process that takes one lock after another, since record locks are a process's: {@code flock
 * FILE}, {@code record FILE} or {@code ofd FILE}, as often as wanted. It says {@code asking} before
 * each and the answer after it, and holds all until it dies or its input ends.
 */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] arguments) throws IOException {
    Linux linux = new Linux();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      int fd = (int) linux.openat(AT_FDCWD, arguments[i + 1], Open.O_RDWR, 0);
      System.out.println("asking");
      FileLock whole = FileLock.of(F_WRLCK, 0, 0);
      long answer =
          switch (arguments[i]) {
            case "flock" -> linux.flock(fd, LOCK_EX);
            case "record" -> linux.lock(fd, F_SETLKW, whole);
            case "ofd" -> linux.lock(fd, F_OFD_SETLKW, whole);
            default -> throw new IllegalArgumentException(arguments[i]);
          };
      System.out.println(Errno.describe(answer));
    }
    while (System.in.read() >= 0) {
      // Only the end counts.
    }
  }
}
