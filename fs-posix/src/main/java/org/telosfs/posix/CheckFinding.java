package org.telosfs.posix;

/**
 * Something in a filesystem that contradicts the rest of it.
 *
 * @param inode whose it is; 0 if it is no inode's
 * @param text what is wrong, in words on one line
 */
public record CheckFinding(Kind kind, long inode, String text) {
  /** What a finding is about. */
  public enum Kind {
    /** The map itself cannot be read on, so the check ended. */
    MAP,
    /** The header is missing, unreadable or of a newer program, so the check ended. */
    HEADER,
    /** A key that is none. */
    KEY,
    /** A value that is no record of its key's family. */
    RECORD,
    /** A row, or a name, of an inode that does not exist. */
    NO_INODE,
    /** An inode that no name leads to, and that is no orphan. */
    NO_NAME,
    /** An orphan that has names, links or entries. */
    ORPHAN,
    /** The number of links is not that of the names. */
    LINKS,
    /** A directory says another number of entries than it has. */
    ENTRY_COUNT,
    /** A name that can be looked up and is not listed, or the other way round. */
    ENTRY_FAMILIES,
    /** An entry in what is no directory, with a wrong type, or of a name that cannot be. */
    ENTRY,
    /** A cookie that is reserved, or that the directory may give out again. */
    COOKIE,
    /** A directory says that another directory holds it. */
    PARENT,
    /** A directory that cannot be reached from the root, or in more than one way. */
    TREE,
    /** An inode says that it takes another number of blocks than it does. */
    BLOCK_COUNT,
    /** An extent of what is no regular file, or beyond the end of any file. */
    EXTENT,
    /** Two extents at the same place of a file. */
    EXTENT_OVERLAP,
    /** Blocks of the device in more or fewer extents than are counted. */
    SHARED_BLOCKS,
    /** A symbolic link without its target, or a target without its link. */
    SYMLINK,
    /** An extended attribute that lacks a part, is too long, or that its inode does not have. */
    XATTR,
    /** An access control list that is none, or says something else than the permissions. */
    ACL,
    /** A quota counts another usage than there is. */
    QUOTA,
    /** An inode whose number will be given out again. */
    INODE_LIMIT
  }

  public CheckFinding {
    text = text.replaceAll("\\p{Cntrl}", "?"); // Names may hold anything.
  }

  @Override
  public String toString() {
    return inode == 0 ? text : "inode " + Long.toUnsignedString(inode) + ": " + text;
  }
}
