package org.telosfs.vfs;

/**
 * Whoever caches a tree (the kernel of a mount): told when something else than an operation that
 * came through it has changed the tree. Calls return when the cache has dropped what was named, or
 * when it has been given up as dead; call them holding no lock that an operation takes.
 */
public interface CacheInvalidator {
  /** The name now leads elsewhere, nowhere, or somewhere for the first time. */
  void entryChanged(InodeNumber directory, FileName name);

  /** Content and attributes of the inode have changed. */
  void contentChanged(InodeNumber inode);

  /**
   * The next read of the start or the end of the inode's content, or of a directory's listing,
   * should arrive at the tree, so that it can move the access time. Returns at once; the cache does
   * it when it can.
   */
  void unread(InodeNumber inode, long sizeBytes);
}
