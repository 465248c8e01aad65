package org.telosfs.posix;

import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.DirectorySink;
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
    PosixMap.EntryWalk entries = entries(directory, cookie);
    EntryRecord entry = entries.next();
    while (entry != null && sink.accept(shown(entry))) {
      entry = entries.next();
    }
  }

  void listAndLookUp(LiveInode directory, long cookie, LookupSink sink) throws FsException {
    if (!dots(directory, cookie, entry -> sink.accept(entry, null))) {
      return;
    }
    PosixMap.EntryWalk entries = entries(directory, cookie);
    EntryRecord entry = entries.next();
    while (entry != null) {
      LiveInode inode = table.lookUp(entry.inode());
      if (inode != null && !isTaken(sink, entry, inode)) {
        return;
      }
      // One that was removed since this state of the map: as if the listing had come later.
      entry = entries.next();
    }
  }

  private boolean isTaken(LookupSink sink, EntryRecord entry, LiveInode inode) {
    boolean taken = false;
    try {
      taken = sink.accept(shown(entry), NamespaceOperations.entry(inode));
    } finally {
      if (!taken) {
        table.forget(inode.value(), 1);
      }
    }
    return taken;
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

  private PosixMap.EntryWalk entries(LiveInode directory, long cookie) throws FsException {
    return volume
        .view()
        .entriesFrom(directory.value(), Math.max(cookie + 1, InodeRecord.FIRST_COOKIE));
  }

  private static DirectoryEntry shown(EntryRecord entry) {
    return new DirectoryEntry(
        new InodeNumber(entry.inode()), entry.type(), entry.name(), entry.cookie());
  }
}
