package org.telosfs.vfs;

/**
 * A name resolved. Whoever receives one owes the tree a {@link VirtualFileSystem#forget}.
 *
 * @param generation tells apart two lives of one inode number, for file handles that outlive it
 */
public record Entry(Attributes attributes, long generation) {
  /** The inode the name leads to. */
  public InodeNumber inode() {
    return attributes.inode();
  }
}
