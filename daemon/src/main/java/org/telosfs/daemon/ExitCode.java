package org.telosfs.daemon;

/** How a command ends; scripts rely on the numbers ({@code docs/cli.md}). */
public enum ExitCode {
  OK(0, "done"),
  FAILED(1, "failed for a reason of its own, which the message names"),
  USAGE(2, "wrong arguments"),
  NOT_FOUND(3, "no store there (init: something is there already), or nothing mounted there"),
  DAMAGED(4, "the store is damaged, foreign or of a newer format; nothing was changed"),
  LOCKED(5, "the store is in use by another process"),
  MOUNT_POINT(6, "the mount point is missing, no directory, not empty or mounted already"),
  NO_FUSE(7, "no /dev/fuse, or fusermount3 is not installed"),
  NO_PERMISSION(8, "not permitted, or read-only"),
  FULL(9, "no space left on the disk or in the volume"),
  BUSY(10, "a mount is in use and stays"),
  INTERNAL(70, "a fault of the program; the log has the details");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }

  /** The code with that number; INTERNAL if there is none. */
  public static ExitCode of(int number) {
    for (ExitCode code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return INTERNAL;
  }
}
