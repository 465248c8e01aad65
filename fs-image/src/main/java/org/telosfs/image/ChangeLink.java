package org.telosfs.image;

import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;

/** {@code transactions/TID/objects/OID}: leads to the revision that the transaction made. */
record ChangeLink(TransactionId id, ObjectId object) implements ImageLink {

  @Override
  public ImageDirectory parent() {
    return new ChangesDirectory(id);
  }

  @Override
  public FileName name() {
    return FileName.of(object.toString());
  }

  @Override
  public String target(ImageView view) {
    return "../../../" + ObjectsDirectory.path(object) + "/history/" + id;
  }

  @Override
  public TransactionId changed(ImageView view) {
    return id;
  }
}
