package org.telosfs.pjdfstest.syscall;

/** Flags of openat(2) and F_SETFL; some differ between architectures. */
public final class Open {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DSYNC = 010000;
  public static final int O_DIRECT = Architecture.choose(040000, 0200000);
  public static final int O_DIRECTORY = Architecture.choose(0200000, 040000);
  public static final int O_NOFOLLOW = Architecture.choose(0400000, 0100000);
  public static final int O_NOATIME = 01000000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_SYNC = 04010000;
  public static final int O_PATH = 010000000;
  public static final int O_TMPFILE = 020000000 | O_DIRECTORY;

  private Open() {}
}
