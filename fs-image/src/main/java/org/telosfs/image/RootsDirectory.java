package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code roots/}: the named objects. */
record RootsDirectory() implements ImageDirectory {

  private static final FileName NAME = FileName.of("roots");

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
    List<ImageNode> links = new ArrayList<>();
    view.roots().forEach((name, target) -> links.add(new RootLink(name, target)));
    return links;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    Map<String, ObjectId> roots = view.roots();
    String root =
        EscapedName.find(name, roots.keySet()).orElseThrow(() -> new FsException(Errno.ENOENT));
    ObjectId target = roots.get(root);
    if (target == null) {
      throw new FsException(Errno.ENOENT);
    }
    return new RootLink(root, target);
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException {
    return view.changed(ObjectId.ROOTS).orElse(view.opened());
  }

  @Override
  public Optional<ObjectId> watched() {
    return Optional.of(ObjectId.ROOTS);
  }

  @Override
  public long fixedNumber() {
    return 4;
  }
}
