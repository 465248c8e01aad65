package org.telosfs.image;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code refs/NAME}: leads to the object as it is now, also from a revision of the past. */
record ReferenceLink(ObjectPlace place, String reference) implements ImageLink {

  /** From {@code objects/HH/OID/refs} to {@code objects}. */
  private static final String UP = "../../../";

  /** From {@code objects/HH/OID/history/TID/refs} to {@code objects}. */
  private static final String UP_FROM_HISTORY = "../../../../../";

  @Override
  public ImageDirectory parent() {
    return new ReferencesDirectory(place);
  }

  @Override
  public FileName name() {
    return EscapedName.of(reference);
  }

  @Override
  public String target(ImageView view) throws IOException, FsException {
    ObjectId target = view.revision(place).references().get(reference);
    if (target == null) {
      throw new FsException(Errno.ENOENT);
    }
    String up = place.isLive() ? UP : UP_FROM_HISTORY;
    return up + ShardDirectory.of(target).name() + "/" + target;
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    return view.changed(place);
  }

  @Override
  public Optional<ObjectId> watched() {
    return place.watched();
  }
}
