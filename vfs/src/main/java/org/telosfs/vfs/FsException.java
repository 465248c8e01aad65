package org.telosfs.vfs;

import org.jspecify.annotations.Nullable;

/**
 * An operation was refused, for an expected reason. Cheap: there is a stack trace only when it
 * wraps a failure.
 */
public final class FsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /** A refusal without words, for the hot ones. */
  public FsException(Errno errno) {
    this(errno, "", null);
  }

  /** A refusal; {@code what} names the object. */
  public FsException(Errno errno, String what) {
    this(errno, what, null);
  }

  /** A refusal because something below failed. */
  public FsException(Errno errno, String what, @Nullable Throwable cause) {
    super(what.isEmpty() ? errno.name() : errno + ": " + what, cause, false, cause != null);
    this.errno = errno;
  }

  /** What the caller's errno becomes. */
  public Errno errno() {
    return errno;
  }
}
