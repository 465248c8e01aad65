package org.telosfs.image;

import java.io.IOException;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/** A regular file. */
non-sealed interface ImageFile extends ImageNode {

  /** All of it. The array belongs to a cache and is not changed. */
  byte[] content(ImageView view) throws IOException, FsException;

  /** Whether the content is the same in every state. */
  boolean immutable();

  @Override
  default FileType type() {
    return FileType.REGULAR;
  }

  @Override
  default long sizeBytes(ImageView view) throws IOException, FsException {
    return content(view).length;
  }
}
