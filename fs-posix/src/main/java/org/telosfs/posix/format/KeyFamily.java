package org.telosfs.posix.format;

import org.jspecify.annotations.Nullable;

/** The first byte of each key. On disk: append, never renumber. */
public enum KeyFamily {
  /** The one {@link PosixHeader}. */
  HEADER(1),
  /** {@link InodeRecord} by inode number. */
  INODE(2),
  /** {@link EntryRecord}s by directory and name hash. */
  ENTRY_BY_HASH(3),
  /** {@link EntryRecord} by directory and cookie, the order of listings. */
  ENTRY_BY_COOKIE(4),
  /** {@link FileExtentRecord} by inode and first block of the file. */
  EXTENT(5),
  /** A piece of an extended attribute's value by inode, name and number of the piece. */
  XATTR(6),
  /** An inode without names that was in use: to be emptied at mount. */
  ORPHAN(7),
  /** The target of a symbolic link by inode. */
  SYMLINK(8),
  /** {@link SharedBlocksRecord} by first block on the device. */
  SHARED_BLOCKS(9),
  /** {@link QuotaRecord} by subject. */
  QUOTA(10);

  private final int code;

  KeyFamily(int code) {
    this.code = code;
  }

  /** The byte on disk. */
  public byte code() {
    return (byte) code;
  }

  /** The family of a key's first byte; null if there is none. */
  public static @Nullable KeyFamily of(byte code) {
    for (KeyFamily family : values()) {
      if (family.code == code) {
        return family;
      }
    }
    return null;
  }
}
