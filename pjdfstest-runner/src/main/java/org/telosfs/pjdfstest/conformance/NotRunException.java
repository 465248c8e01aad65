package org.telosfs.pjdfstest.conformance;

/** A case found out that it cannot be run here, for a reason that is not the file system's. */
final class NotRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotRunException(String reason) {
    super(reason);
  }
}
