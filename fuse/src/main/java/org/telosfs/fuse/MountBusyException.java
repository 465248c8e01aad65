package org.telosfs.fuse;

import java.io.IOException;
import java.nio.file.Path;

/** A mount was not ended since it is in use. */
public final class MountBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  public MountBusyException(Path where) {
    super(where + " is in use; close what is open below it (see: fuser -vm " + where + ")");
  }
}
