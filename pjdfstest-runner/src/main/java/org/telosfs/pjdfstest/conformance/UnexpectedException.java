package org.telosfs.pjdfstest.conformance;

/** Something is not as a case expects. */
final class UnexpectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnexpectedException(String message) {
    super(message);
  }
}
