package org.telosfs.vfs;

import java.io.IOException;

/**
 * What a tree is as well whose content lies outside the heap: it can be sent from where it lies,
 * which spares a copy.
 */
public interface ContentLender {
  /**
   * Reads as {@link VirtualFileSystem#read} does, but lends what it finds for as long as {@code
   * borrower} works. The content does not change meanwhile, since whoever wants to change it waits:
   * so the borrower only passes it on.
   *
   * @param bytes how many are wanted; fewer are lent where the file ends, none at or beyond its end
   * @param noticed whether reading counts as access to the file
   * @param pieces are replaced by what is lent, and empty again afterwards
   * @throws FsException as reading throws it
   * @throws IOException from the borrower
   */
  void lend(
      InodeNumber inode,
      long offsetBytes,
      int bytes,
      boolean noticed,
      ContentPieces pieces,
      Borrower borrower)
      throws FsException, IOException;

  /** Passes content on. */
  @FunctionalInterface
  interface Borrower {
    /** Must neither keep the pieces nor wait for anything that may wait for the tree. */
    void use(ContentPieces pieces) throws IOException;
  }
}
