package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code transactions/}, oldest first. */
record TransactionsDirectory() implements ImageDirectory {

  private static final FileName NAME = FileName.of("transactions");

  @Override
  public ImageDirectory parent() {
    return new RootDirectory();
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException {
    TransactionRange all =
        new TransactionRange(
            TransactionId.NONE,
            view.transaction(),
            TransactionRange.Order.OLDEST_FIRST,
            Integer.MAX_VALUE);
    List<ImageNode> transactions = new ArrayList<>();
    for (TransactionId id : view.store().transactionIds(all)) {
      transactions.add(new TransactionDirectory(id));
    }
    return transactions;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    TransactionId id = parse(name);
    if (!view.shows(id) || view.store().transactionIds(TransactionRange.only(id)).isEmpty()) {
      throw new FsException(Errno.ENOENT);
    }
    return new TransactionDirectory(id);
  }

  /** The id that a file name tells; ENOENT if none. */
  static TransactionId parse(FileName name) throws FsException {
    try {
      return TransactionId.parse(name.toString());
    } catch (IllegalArgumentException noId) {
      throw new FsException(Errno.ENOENT);
    }
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.transaction();
  }

  @Override
  public long fixedNumber() {
    return 6;
  }
}
