package org.telosfs.image;

import java.util.List;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.InodeNumber;

/** The root: the same entries for ever. */
record RootDirectory() implements ImageDirectory {

  @Override
  public ImageDirectory parent() {
    return this;
  }

  @Override
  public FileName name() {
    return FileName.DOT;
  }

  @Override
  public List<ImageNode> children(ImageView view) {
    return List.of(
        new ReadmeFile(),
        new ObjectsDirectory(),
        new RootsDirectory(),
        new StatsFile(),
        new TransactionsDirectory());
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.opened();
  }

  @Override
  public long fixedNumber() {
    return InodeNumber.ROOT.value();
  }
}
