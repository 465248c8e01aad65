package org.telosfs.image;

import java.io.IOException;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/** A regular file. */
non-sealed interface ImageFile extends ImageNode {

  /** Its content as the view shows it; the caller closes it. */
  ImageContent open(ImageView view) throws IOException, FsException;

  /** Whether the content is the same in every state. */
  boolean immutable();

  @Override
  default FileType type() {
    return FileType.REGULAR;
  }
}
