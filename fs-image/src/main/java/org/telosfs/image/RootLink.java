package org.telosfs.image;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * {@code roots/NAME}. Its time is that of some change of the roots since it was set, for the store
 * does not keep when each was.
 */
record RootLink(String root, ObjectId object) implements ImageLink {

  @Override
  public ImageDirectory parent() {
    return new RootsDirectory();
  }

  @Override
  public FileName name() {
    return EscapedName.of(root);
  }

  @Override
  public String target(ImageView view) {
    return "../" + ObjectsDirectory.path(object);
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    if (outdated(view)) {
      throw new FsException(Errno.ENOENT);
    }
    return view.changed(ObjectId.ROOTS).orElse(view.opened());
  }

  @Override
  public Optional<ObjectId> watched() {
    return Optional.of(ObjectId.ROOTS);
  }

  @Override
  public boolean outdated(ImageView newest) throws IOException {
    return !object.equals(newest.roots().get(root));
  }

  /** Two targets of one name are two links. */
  @Override
  public String path() {
    return parent().path() + "/" + name() + " " + object;
  }
}
