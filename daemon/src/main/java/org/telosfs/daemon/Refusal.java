package org.telosfs.daemon;

import java.io.IOException;

/** An expected end of a command: one line that names what was refused and what to do. */
public final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public Refusal(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  /** The same with what lies behind it, for the log. */
  public Refusal(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ExitCode code() {
    return code;
  }
}
