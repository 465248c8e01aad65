package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code history/}: every transaction that changed the object or deleted it, oldest first. */
record HistoryDirectory(ObjectId id) implements ImageDirectory {

  private static final FileName NAME = FileName.of("history");
  private static final int TAG = 9;

  @Override
  public ImageDirectory parent() {
    return new ObjectDirectory(id);
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException {
    List<TransactionId> newestFirst = view.history(id);
    List<ImageNode> revisions = new ArrayList<>();
    for (int at = newestFirst.size() - 1; at >= 0; at--) {
      revisions.add(new RevisionDirectory(new ObjectPlace(id, newestFirst.get(at))));
    }
    return revisions;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    TransactionId transaction = TransactionsDirectory.parse(name);
    if (!view.shows(transaction)) {
      throw new FsException(Errno.ENOENT);
    }
    RevisionDirectory revision = new RevisionDirectory(new ObjectPlace(id, transaction));
    revision.changed(view);
    return revision;
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    return parent().changed(view);
  }

  @Override
  public Optional<ObjectId> watched() {
    return Optional.of(id);
  }

  @Override
  public long fixedNumber() {
    return ObjectDirectory.fixedNumber(TAG, ObjectPlace.live(id));
  }
}
