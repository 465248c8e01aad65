package org.telosfs.pjdfstest.syscall;

import java.io.IOException;

/** A system call failed that its caller needed. */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long answer;

  public LinuxException(String what, long answer) {
    super(what + ": " + Errno.describe(answer));
    this.answer = answer;
  }

  /** What the kernel answered: the negative errno. */
  public long answer() {
    return answer;
  }

  /** The answer itself unless it is an error. */
  public static long check(String what, long answer) throws LinuxException {
    if (answer < 0) {
      throw new LinuxException(what, answer);
    }
    return answer;
  }
}
