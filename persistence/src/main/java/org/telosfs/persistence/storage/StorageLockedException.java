package org.telosfs.persistence.storage;

import java.io.IOException;

/** The directory has a writer. */
public final class StorageLockedException extends IOException {

  private static final long serialVersionUID = 1;

  public StorageLockedException(String message) {
    super(message);
  }
}
