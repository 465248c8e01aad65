package org.telosfs.pjdfstest;

/** The run cannot start; the message says what is missing and how to get it. */
public final class SetupException extends Exception {
  private static final long serialVersionUID = 1L;

  public SetupException(String message) {
    super(message);
  }
}
