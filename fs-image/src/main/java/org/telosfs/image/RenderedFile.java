package org.telosfs.image;

import java.io.IOException;
import org.telosfs.vfs.FsException;

/** A file whose whole content is made when it is asked for. */
interface RenderedFile extends ImageFile {

  /** All of it. The array belongs to a cache and is not changed. */
  byte[] content(ImageView view) throws IOException, FsException;

  @Override
  default ImageContent open(ImageView view) throws IOException, FsException {
    return ImageContent.of(content(view));
  }

  @Override
  default long sizeBytes(ImageView view) throws IOException, FsException {
    return content(view).length;
  }
}
