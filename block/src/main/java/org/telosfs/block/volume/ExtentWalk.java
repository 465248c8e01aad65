package org.telosfs.block.volume;

import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;

/**
 * Lists the extents that a map's entries refer to; the map's owner knows them, the volume does not.
 */
@FunctionalInterface
public interface ExtentWalk {
  /**
   * Tells {@code found} of each extent that the map refers to, once, with its checksums, or with
   * null where its blocks are allocated but were never written.
   */
  void walk(MapReader map, BiConsumer<DataExtent, @Nullable BlockChecksums> found)
      throws IOException;
}
