package org.telosfs.posix;

import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;
import org.telosfs.block.Key;
import org.telosfs.block.volume.ExtentWalk;
import org.telosfs.block.volume.MapCursor;
import org.telosfs.block.volume.MapReader;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixKeys;

/** The extents of all files, for a scrub of the volume below. */
public final class PosixExtentWalk implements ExtentWalk {
  @Override
  public void walk(MapReader map, BiConsumer<DataExtent, @Nullable BlockChecksums> found)
      throws IOException {
    MapCursor cursor =
        map.scan(
            Key.of(PosixKeys.first(KeyFamily.EXTENT)), Key.of(PosixKeys.end(KeyFamily.EXTENT)));
    while (cursor.next()) {
      FileExtentRecord record = FileExtentRecord.decode(cursor.value());
      found.accept(record.extent(), record.checksums());
    }
  }
}
