package org.telosfs.persistence.export;

import java.io.IOException;

/** A file that is no export, a damaged one, or one that needs a newer program. */
public final class ExportFormatException extends IOException {
  private static final long serialVersionUID = 1;

  public ExportFormatException(String message) {
    super(message);
  }
}
