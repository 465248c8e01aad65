package org.telosfs.image;

import java.io.IOException;
import java.util.List;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/** A directory: what is in it, in a state. */
non-sealed interface ImageDirectory extends ImageNode {

  /** What a listing shows, in its order, without dots. */
  List<ImageNode> children(ImageView view) throws IOException, FsException;

  /**
   * What a name leads to; also names that no listing shows.
   *
   * @throws FsException ENOENT
   */
  default ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    for (ImageNode child : children(view)) {
      if (child.name().equals(name)) {
        return child;
      }
    }
    throw new FsException(Errno.ENOENT);
  }

  @Override
  default FileType type() {
    return FileType.DIRECTORY;
  }

  @Override
  default long sizeBytes(ImageView view) throws IOException, FsException {
    return 0;
  }
}
