package org.telosfs.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/** A symbolic link. */
non-sealed interface ImageLink extends ImageNode {

  /** Where it leads, relative to its directory. */
  String target(ImageView view) throws IOException, FsException;

  @Override
  default FileType type() {
    return FileType.SYMLINK;
  }

  @Override
  default long sizeBytes(ImageView view) throws IOException, FsException {
    return target(view).getBytes(StandardCharsets.UTF_8).length;
  }
}
