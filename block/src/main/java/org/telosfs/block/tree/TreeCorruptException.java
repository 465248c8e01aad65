package org.telosfs.block.tree;

import java.io.IOException;

/** A node on disk is not what its parent says it is. */
public final class TreeCorruptException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long block;

  TreeCorruptException(long block, String what) {
    super("tree node at block " + block + ": " + what);
    this.block = block;
  }

  /** Address of the node in blocks. */
  public long block() {
    return block;
  }
}
