package org.telosfs.image;

import java.io.IOException;
import org.telosfs.image.render.TransactionJson;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code transactions/TID/meta.json}: who, when, what and why. */
record TransactionFile(TransactionId id) implements RenderedFile {

  private static final FileName NAME = FileName.of("meta.json");

  @Override
  public ImageDirectory parent() {
    return new TransactionDirectory(id);
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public byte[] content(ImageView view) throws IOException, FsException {
    return TransactionJson.meta(view.committed(id));
  }

  @Override
  public boolean immutable() {
    return true;
  }

  @Override
  public TransactionId changed(ImageView view) {
    return id;
  }
}
