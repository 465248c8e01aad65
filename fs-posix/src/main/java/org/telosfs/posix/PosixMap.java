package org.telosfs.posix;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** The volume's map, read as records: of a state, or of a transaction with its own changes. */
interface PosixMap {
  /** A key and its value. */
  final class Row {
    private final byte[] key;
    private final byte[] value;

    Row(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    byte[] key() {
      return key;
    }

    byte[] value() {
      return value;
    }
  }

  /** An extent and the file block at which it begins. */
  record PlacedExtent(long fileBlock, FileExtentRecord extent) {
    long end() {
      return fileBlock + extent.blocks();
    }
  }

  /**
   * The value of a key.
   *
   * @throws FsException EIO
   */
  byte @Nullable [] get(byte[] key) throws FsException;

  /** The row of the greatest key that is not greater. */
  @Nullable Row floor(byte[] key) throws FsException;

  /** The row of the least key that is not less. */
  @Nullable Row ceiling(byte[] key) throws FsException;

  /** The inode's record, or null. */
  default @Nullable InodeRecord inode(long inode) throws FsException {
    byte[] value = get(PosixKeys.inode(inode));
    try {
      return value == null ? null : InodeRecord.decode(value);
    } catch (PosixFormatException damaged) {
      throw damaged("inode " + inode, damaged);
    }
  }

  /** The entries of a directory that have the name's hash. */
  default List<EntryRecord> entriesOfHash(long directory, FileName name) throws FsException {
    byte[] value = get(PosixKeys.entryByHash(directory, name));
    return value == null ? List.of() : entries(directory, value);
  }

  /** The entry of that name, or null. */
  default @Nullable EntryRecord entry(long directory, FileName name) throws FsException {
    return entryOf(entriesOfHash(directory, name), name);
  }

  /** The entry of that name among some; null for none. */
  static @Nullable EntryRecord entryOf(List<EntryRecord> entries, FileName name) {
    for (EntryRecord entry : entries) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  /** The first entry of a directory whose cookie is not less, or null. */
  default @Nullable EntryRecord entryFrom(long directory, long cookie) throws FsException {
    Row row = ceiling(PosixKeys.entryByCookie(directory, cookie));
    if (row == null || !PosixKeys.isOf(row.key(), KeyFamily.ENTRY_BY_COOKIE, directory)) {
      return null;
    }
    return entries(directory, row.value()).get(0);
  }

  /** Rows in the order of their keys, of one state. */
  interface Walk {
    /** The next row, or null at the end. */
    @Nullable Row next() throws FsException;
  }

  /** The rows of [from, end). */
  Walk walk(byte[] from, byte[] end) throws FsException;

  /** The entries of a directory, in the order of cookies. */
  final class EntryWalk {
    private final long directory;
    private final Walk rows;

    private EntryWalk(long directory, Walk rows) {
      this.directory = directory;
      this.rows = rows;
    }

    /** The next entry, or null. */
    @Nullable EntryRecord next() throws FsException {
      Row row = rows.next();
      return row == null ? null : entries(directory, row.value()).get(0);
    }
  }

  /** The entries of a directory whose cookie is not less. */
  default EntryWalk entriesFrom(long directory, long cookie) throws FsException {
    return new EntryWalk(
        directory,
        walk(
            PosixKeys.entryByCookie(directory, cookie),
            PosixKeys.end(KeyFamily.ENTRY_BY_COOKIE, directory)));
  }

  private static List<EntryRecord> entries(long directory, byte[] value) throws FsException {
    try {
      return EntryRecord.decode(value);
    } catch (PosixFormatException damaged) {
      throw damaged("directory " + directory, damaged);
    }
  }

  /** The extent that holds a block of a file, or null. */
  default @Nullable PlacedExtent extentOf(long inode, long fileBlock) throws FsException {
    Row row = floor(PosixKeys.extent(inode, fileBlock));
    if (row == null || !PosixKeys.isOf(row.key(), KeyFamily.EXTENT, inode)) {
      return null;
    }
    PlacedExtent found = placed(inode, row);
    return found.end() > fileBlock ? found : null;
  }

  /** The extent that holds a block of a file, else the first one after it, or null. */
  default @Nullable PlacedExtent extentAt(long inode, long fileBlock) throws FsException {
    PlacedExtent holding = extentOf(inode, fileBlock);
    if (holding != null) {
      return holding;
    }
    Row row = ceiling(PosixKeys.extent(inode, fileBlock));
    if (row != null && PosixKeys.isOf(row.key(), KeyFamily.EXTENT, inode)) {
      return placed(inode, row);
    }
    return null;
  }

  private static PlacedExtent placed(long inode, Row row) throws FsException {
    try {
      return new PlacedExtent(PosixKeys.secondOf(row.key()), FileExtentRecord.decode(row.value()));
    } catch (PosixFormatException damaged) {
      throw damaged("inode " + inode, damaged);
    }
  }

  /** What a record that cannot be read becomes. */
  static FsException damaged(String what, PosixFormatException cause) {
    return new FsException(Errno.EIO, what + " is damaged", cause);
  }
}
