package org.telosfs.vfs;

/**
 * The flags of open(2), asked by name.
 *
 * @param bits as on Linux x86-64 and the other asm-generic architectures
 */
public record OpenFlags(int bits) {
  public static final OpenFlags READ_ONLY = new OpenFlags(0);
  public static final OpenFlags READ_WRITE = new OpenFlags(2);

  private static final int ACCESS_MODE = 3;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_EXCL = 0200;
  private static final int O_TRUNC = 01000;
  private static final int O_APPEND = 02000;
  private static final int O_NOATIME = 01000000;

  /** Opened for reading. */
  public boolean reads() {
    return (bits & ACCESS_MODE) != O_WRONLY;
  }

  /** Opened for writing. */
  public boolean writes() {
    int mode = bits & ACCESS_MODE;
    return mode == O_WRONLY || mode == O_RDWR;
  }

  /** O_EXCL. */
  public boolean exclusive() {
    return (bits & O_EXCL) != 0;
  }

  /** O_TRUNC. */
  public boolean truncates() {
    return (bits & O_TRUNC) != 0;
  }

  /** O_NOATIME. */
  public boolean keepsAccessTime() {
    return (bits & O_NOATIME) != 0;
  }

  /** O_APPEND. */
  public boolean appends() {
    return (bits & O_APPEND) != 0;
  }
}
