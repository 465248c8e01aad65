package org.telosfs.image;

import java.util.List;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;

/** {@code transactions/TID/}. */
record TransactionDirectory(TransactionId id) implements ImageDirectory {

  @Override
  public ImageDirectory parent() {
    return new TransactionsDirectory();
  }

  @Override
  public FileName name() {
    return FileName.of(id.toString());
  }

  @Override
  public List<ImageNode> children(ImageView view) {
    return List.of(new TransactionFile(id), new ChangesDirectory(id));
  }

  @Override
  public TransactionId changed(ImageView view) {
    return id;
  }
}
