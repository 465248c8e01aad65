package org.telosfs.fuse.wire;

/** A request that is shorter than its own fields, or contradicts itself. */
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadRequestException(String what) {
    super(what, null, false, false);
  }
}
