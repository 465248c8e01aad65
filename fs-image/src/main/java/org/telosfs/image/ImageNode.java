package org.telosfs.image;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/** A place in the tree, whatever the state it is looked at in; equal to itself by its path. */
sealed interface ImageNode permits ImageDirectory, ImageFile, ImageLink {

  /**
   * The lowest bits of an inode number that tells its place say what it is of what the others name.
   * They vary most, and what varies most belongs where hash tables look.
   */
  int TAG_BITS = 4;

  /** The directory it is in; the root's is the root. */
  ImageDirectory parent();

  FileName name();

  FileType type();

  /**
   * The transaction that made what the view shows here.
   *
   * @throws FsException ENOENT if the view shows nothing here
   */
  TransactionId changed(ImageView view) throws IOException, FsException;

  /** Bytes of content, exactly. */
  long sizeBytes(ImageView view) throws IOException, FsException;

  /** An inode number that tells the place; 0 if no number can. */
  default long fixedNumber() {
    return 0;
  }

  /** The object whose changes show here; empty if what is here never changes or with every one. */
  default Optional<ObjectId> watched() {
    return Optional.empty();
  }

  /** Whether a change of the watched object changed something here. */
  default boolean outdated(ImageView newest) throws IOException {
    return true;
  }

  /** The revision it is part of. */
  default Optional<ObjectPlace> revision() {
    return Optional.empty();
  }

  /** From the root, for people and as the source of an inode number. */
  default String path() {
    return parent().equals(this) ? "" : parent().path() + "/" + name();
  }
}
