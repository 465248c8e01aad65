package org.telosfs.image;

import org.telosfs.image.render.ReadmeText;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;

/** {@code README}. */
record ReadmeFile() implements RenderedFile {

  private static final FileName NAME = FileName.of("README");

  @Override
  public ImageDirectory parent() {
    return new RootDirectory();
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public byte[] content(ImageView view) {
    return ReadmeText.bytes();
  }

  @Override
  public boolean immutable() {
    return true;
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.opened();
  }

  @Override
  public long fixedNumber() {
    return 2;
  }
}
