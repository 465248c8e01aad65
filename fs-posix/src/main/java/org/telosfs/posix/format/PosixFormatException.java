package org.telosfs.posix.format;

import java.io.IOException;

/** A key or record is not what the format says; names which and why. */
public final class PosixFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** {@code what} names the record and what is wrong with it. */
  public PosixFormatException(String what) {
    super(what);
  }
}
