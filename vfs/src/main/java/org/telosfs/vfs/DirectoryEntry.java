package org.telosfs.vfs;

/**
 * One line of a listing.
 *
 * @param inode st_ino to show; not a looked-up inode
 * @param nextCookie where a listing that stops after this entry goes on; never 0, positive
 */
public record DirectoryEntry(InodeNumber inode, FileType type, FileName name, long nextCookie) {
  public DirectoryEntry {
    if (nextCookie <= 0) {
      throw new IllegalArgumentException("nextCookie=" + nextCookie);
    }
  }
}
