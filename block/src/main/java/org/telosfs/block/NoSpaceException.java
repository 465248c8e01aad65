package org.telosfs.block;

import java.io.IOException;

/** The volume has no room for what was asked; nothing was taken. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message) {
    super(message);
  }
}
