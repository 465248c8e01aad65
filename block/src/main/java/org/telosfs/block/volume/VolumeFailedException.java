package org.telosfs.block.volume;

import java.io.IOException;

/** Writing ended with an earlier failure, which is the cause; reads go on. */
public final class VolumeFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  VolumeFailedException(IOException first) {
    super("the volume takes no more writes since: " + first.getMessage(), first);
  }
}
