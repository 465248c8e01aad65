package org.telosfs.pjdfstest.syscall;

/** Linux's error numbers as far as a file system's calls give them. */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  E2BIG(7),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  ENOTBLK(15),
  EBUSY(16),
  EEXIST(17),
  EXDEV(18),
  ENODEV(19),
  ENOTDIR(20),
  EISDIR(21),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ENOTTY(25),
  ETXTBSY(26),
  EFBIG(27),
  ENOSPC(28),
  ESPIPE(29),
  EROFS(30),
  EMLINK(31),
  EPIPE(32),
  ERANGE(34),
  EDEADLK(35),
  ENAMETOOLONG(36),
  ENOLCK(37),
  ENOSYS(38),
  ENOTEMPTY(39),
  ELOOP(40),
  ENODATA(61),
  EOVERFLOW(75),
  EOPNOTSUPP(95),
  EADDRINUSE(98),
  ENOTCONN(107),
  ESTALE(116),
  EDQUOT(122);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** Whether a system call that answered this failed for this reason. */
  public boolean is(long answer) {
    return answer == -number;
  }

  /** An answer as people read it: the error's name, or the value. */
  public static String describe(long answer) {
    if (answer >= 0) {
      return Long.toString(answer);
    }
    for (Errno errno : values()) {
      if (errno.is(answer)) {
        return errno.name();
      }
    }
    return "errno " + -answer;
  }
}
