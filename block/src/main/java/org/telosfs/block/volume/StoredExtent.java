package org.telosfs.block.volume;

import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;

/** Where data was written, and how to verify it. */
public record StoredExtent(DataExtent extent, BlockChecksums checksums) {
  public StoredExtent {
    if (extent.blocks() != checksums.blocks()) {
      throw new IllegalArgumentException(extent + " with " + checksums);
    }
  }
}
