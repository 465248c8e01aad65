package org.telosfs.image;

import org.telosfs.image.render.StatsJson;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;

/** {@code stats.json}: the store's figures when it was opened. */
record StatsFile() implements RenderedFile {

  private static final FileName NAME = FileName.of("stats.json");

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
    return StatsJson.of(view.store().stats());
  }

  @Override
  public boolean immutable() {
    return false;
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.transaction();
  }

  @Override
  public long fixedNumber() {
    return 3;
  }
}
