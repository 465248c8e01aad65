package org.telosfs.block;

import java.io.IOException;
import java.nio.file.Path;

/** Someone else, of this process or another, has the device open. */
public final class DeviceInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  DeviceInUseException(Path path) {
    super(path + " is in use: another process, or another part of this one, has it locked");
  }
}
