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

/** {@code refs/}: the objects that the slots refer to. */
record ReferencesDirectory(ObjectPlace place) implements ImageDirectory {

  private static final FileName NAME = FileName.of("refs");
  private static final int TAG = 8;

  @Override
  public ImageDirectory parent() {
    return place.directory();
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException, FsException {
    List<ImageNode> links = new ArrayList<>();
    for (String name : view.revision(place).references().keySet()) {
      links.add(new ReferenceLink(place, name));
    }
    return links;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    return EscapedName.find(name, view.revision(place).references().keySet())
        .map(found -> new ReferenceLink(place, found))
        .orElseThrow(() -> new FsException(Errno.ENOENT));
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    return view.changed(place);
  }

  @Override
  public Optional<ObjectId> watched() {
    return place.watched();
  }

  @Override
  public Optional<ObjectPlace> revision() {
    return Optional.of(place);
  }

  @Override
  public long fixedNumber() {
    return ObjectDirectory.fixedNumber(TAG, place);
  }
}
