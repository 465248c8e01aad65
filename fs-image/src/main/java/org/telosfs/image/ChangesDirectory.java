package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code transactions/TID/objects/}: what the transaction changed. */
record ChangesDirectory(TransactionId id) implements ImageDirectory {

  private static final FileName NAME = FileName.of("objects");

  @Override
  public ImageDirectory parent() {
    return new TransactionDirectory(id);
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException, FsException {
    List<ImageNode> links = new ArrayList<>();
    for (ObjectId object : view.committed(id).objects()) {
      links.add(new ChangeLink(id, object));
    }
    return links;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    ObjectId object = ShardDirectory.parse(name);
    if (Collections.binarySearch(view.committed(id).objects(), object) < 0) {
      throw new FsException(Errno.ENOENT);
    }
    return new ChangeLink(id, object);
  }

  @Override
  public TransactionId changed(ImageView view) {
    return id;
  }
}
