package org.telosfs.posix;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;
import org.telosfs.block.Key;
import org.telosfs.block.volume.MapCursor;
import org.telosfs.block.volume.MapReader;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.InodeNumber;

/** The rows of a filesystem past its code, to see what it has left behind. */
record PosixRows(MapReader map) {
  /** The inodes that rows of a family belong to, in order. */
  List<Long> of(KeyFamily family) throws IOException {
    List<Long> inodes = new ArrayList<>();
    MapCursor cursor = cursor(map, family);
    while (cursor.next()) {
      inodes.add(PosixKeys.inodeOf(cursor.key().bytes()));
    }
    return inodes;
  }

  /** The inodes that can be reached from the root. */
  SortedSet<Long> reachable() throws IOException {
    SortedSet<Long> reached = new TreeSet<>();
    Deque<Long> directories = new ArrayDeque<>();
    reached.add(InodeNumber.ROOT.value());
    directories.add(InodeNumber.ROOT.value());
    while (!directories.isEmpty()) {
      long directory = directories.remove();
      MapCursor cursor =
          map.scan(
              Key.of(PosixKeys.first(KeyFamily.ENTRY_BY_COOKIE, directory)),
              Key.of(PosixKeys.end(KeyFamily.ENTRY_BY_COOKIE, directory)));
      while (cursor.next()) {
        for (EntryRecord entry : EntryRecord.decode(cursor.value())) {
          if (reached.add(entry.inode())) {
            directories.add(entry.inode());
          }
        }
      }
    }
    return reached;
  }

  /** The extents of all files. */
  static void walkExtents(MapReader map, BiConsumer<DataExtent, @Nullable BlockChecksums> found)
      throws IOException {
    MapCursor cursor = cursor(map, KeyFamily.EXTENT);
    while (cursor.next()) {
      FileExtentRecord record = FileExtentRecord.decode(cursor.value());
      found.accept(record.extent(), record.checksums());
    }
  }

  private static MapCursor cursor(MapReader map, KeyFamily family) throws IOException {
    return map.scan(Key.of(PosixKeys.first(family)), Key.of(PosixKeys.end(family)));
  }
}
