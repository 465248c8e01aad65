package org.telosfs.block.space;

import java.io.IOException;

/** The space map contradicts what refers to its blocks: a leak, a double use, or damage. */
public final class SpaceCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  SpaceCorruptException(String message) {
    super(message);
  }
}
