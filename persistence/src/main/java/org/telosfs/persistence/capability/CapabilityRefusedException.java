package org.telosfs.persistence.capability;

import java.io.IOException;

/** A capability does not allow what its holder asked for. */
public final class CapabilityRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  /** Which kind of refusal it is. */
  public enum Reason {
    /** No such capability, or a revoked or expired one. */
    NONE,
    /** The right is missing, or it is out of scope. */
    FORBIDDEN,
    /** The quota is used up. */
    QUOTA
  }

  private final Reason reason;

  CapabilityRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
