package org.telosfs.posix;

import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.DirectorySink;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;

/**
 * Listings in the order of cookies. A cookie is given out once and stays with its entry, so a
 * listing that goes on after others were made or removed neither loses nor repeats one.
 */
final class DirectoryContent {
  private static final long DOT_COOKIE = 1;
  private static final long DOT_DOT_COOKIE = 2;

  private final PosixVolume volume;
  private final InodeTable table;

  DirectoryContent(PosixVolume volume, InodeTable table) {
    this.volume = volume;
    this.table = table;
  }

  void list(LiveInode directory, long cookie, DirectorySink sink) throws FsException {
    if (!dots(directory, cookie, sink)) {
      return;
    }
    PosixMap map = volume.view();
    EntryRecord entry = next(map, directory, cookie);
    while (entry != null && sink.accept(shown(entry))) {
      entry = next(map, directory, entry.cookie());
    }
  }

  void listAndLookUp(LiveInode directory, long cookie, LookupSink sink) throws FsException {
    if (!dots(directory, cookie, entry -> sink.accept(entry, null))) {
      return;
    }
    PosixMap map = volume.view();
    EntryRecord entry = next(map, directory, cookie);
    while (entry != null) {
      try (InodeTable.Use use = table.use(entry.inode())) {
        Entry looked = NamespaceOperations.entry(use.inode());
        if (!sink.accept(shown(entry), looked)) {
          return;
        }
        use.keep();
      } catch (FsException removed) {
        if (removed.errno() != Errno.ESTALE) {
          throw removed;
        }
        // Removed since this state of the map: as if the listing had come later.
      }
      entry = next(map, directory, entry.cookie());
    }
  }

  private static boolean dots(LiveInode directory, long cookie, DirectorySink sink) {
    if (cookie < DOT_COOKIE
        && !sink.accept(
            new DirectoryEntry(directory.number(), FileType.DIRECTORY, FileName.DOT, DOT_COOKIE))) {
      return false;
    }
    InodeNumber parent = new InodeNumber(directory.record().parent());
    return cookie >= DOT_DOT_COOKIE
        || sink.accept(
            new DirectoryEntry(parent, FileType.DIRECTORY, FileName.DOT_DOT, DOT_DOT_COOKIE));
  }

  private static @org.jspecify.annotations.Nullable EntryRecord next(
      PosixMap map, LiveInode directory, long cookie) throws FsException {
    return map.entryFrom(directory.value(), Math.max(cookie + 1, InodeRecord.FIRST_COOKIE));
  }

  private static DirectoryEntry shown(EntryRecord entry) {
    return new DirectoryEntry(
        new InodeNumber(entry.inode()), entry.type(), entry.name(), entry.cookie());
  }
}
