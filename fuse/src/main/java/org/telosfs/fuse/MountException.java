package org.telosfs.fuse;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A tree was not mounted. The message is one line that names the path and says what to do. */
public final class MountException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Says what happened; {@code cause} may tell more. */
  public MountException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Says what happened to {@code where}, and what to do. */
  public MountException(Reason reason, Path where, String what) {
    this(reason, "cannot mount on " + where + ": " + what, null);
  }

  /** What kind of failure it is. */
  public Reason reason() {
    return reason;
  }

  /** Why a mount fails. */
  public enum Reason {
    /** There is no {@code /dev/fuse}, or it has no driver. */
    NO_FUSE_DEVICE,
    NO_PERMISSION,
    /** The mount point does not exist. */
    MISSING,
    NOT_A_DIRECTORY,
    NOT_EMPTY,
    ALREADY_MOUNTED,
    /** An ordinary user needs fusermount3 (or the transport a library), which is not installed. */
    HELPER_MISSING,
    /** The kernel did not begin, or speaks too old a protocol. */
    NO_ANSWER,
    FAILED
  }
}
