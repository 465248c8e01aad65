package org.telosfs.persistence.object;

import java.io.IOException;

/** Bytes that are no state: cut short, hostile, or written by a newer version. */
public final class StateFormatException extends IOException {

  private static final long serialVersionUID = 1;

  public StateFormatException(String message) {
    super(message);
  }
}
