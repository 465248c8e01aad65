package org.telosfs.posix;

import java.io.IOException;
import java.util.BitSet;
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
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.SharedBlocksRecord;

/**
 * The extents of all files, for a scrub of the volume below; what several files share it tells of
 * once.
 */
public final class PosixExtentWalk implements ExtentWalk {
  @Override
  public void walk(MapReader map, BiConsumer<DataExtent, @Nullable BlockChecksums> found)
      throws IOException {
    BitSet shared = sharedBlocks(map);
    BitSet told = new BitSet();
    MapCursor cursor =
        map.scan(
            Key.of(PosixKeys.first(KeyFamily.EXTENT)), Key.of(PosixKeys.end(KeyFamily.EXTENT)));
    while (cursor.next()) {
      FileExtentRecord record = FileExtentRecord.decode(cursor.value());
      tell(record, shared, told, found);
    }
  }

  private static BitSet sharedBlocks(MapReader map) throws IOException {
    BitSet shared = new BitSet();
    MapCursor cursor =
        map.scan(
            Key.of(PosixKeys.first(KeyFamily.SHARED_BLOCKS)),
            Key.of(PosixKeys.end(KeyFamily.SHARED_BLOCKS)));
    while (cursor.next()) {
      long start = PosixKeys.inodeOf(cursor.key().bytes());
      int blocks = SharedBlocksRecord.decode(cursor.value()).blocks();
      if (start <= 0 || start > Integer.MAX_VALUE - blocks) {
        throw new PosixFormatException(blocks + " shared blocks from " + start);
      }
      shared.set((int) start, (int) start + blocks);
    }
    return shared;
  }

  /** Tells of the extent but for the blocks that have been told of and are shared. */
  private static void tell(
      FileExtentRecord record,
      BitSet shared,
      BitSet told,
      BiConsumer<DataExtent, @Nullable BlockChecksums> found) {
    long start = record.extent().startBlock();
    int first = 0;
    for (int block = 0; block < record.blocks(); block++) {
      if (start + block <= Integer.MAX_VALUE && shared.get((int) (start + block))) {
        int at = (int) (start + block);
        if (told.get(at)) {
          tellPart(record, first, block, found);
          first = block + 1;
        }
        told.set(at);
      }
    }
    tellPart(record, first, record.blocks(), found);
  }

  private static void tellPart(
      FileExtentRecord record,
      int from,
      int to,
      BiConsumer<DataExtent, @Nullable BlockChecksums> found) {
    if (from < to) {
      FileExtentRecord part = record.part(from, to - from);
      found.accept(part.extent(), part.checksums());
    }
  }
}
