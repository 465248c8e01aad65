package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code history/TID/}: the object as that transaction left it. */
record RevisionDirectory(ObjectPlace place) implements ImageDirectory {

  /** What every revision is shown as, of the past or of a state. */
  static List<ImageNode> parts(ObjectPlace place) {
    List<ImageNode> parts = new ArrayList<>();
    for (ObjectFile.Part part : ObjectFile.Part.values()) {
      parts.add(new ObjectFile(place, part));
    }
    parts.add(new SlotsDirectory(place));
    parts.add(new ReferencesDirectory(place));
    return parts;
  }

  @Override
  public ImageDirectory parent() {
    return new HistoryDirectory(place.id());
  }

  @Override
  public FileName name() {
    return FileName.of(place.at().toString());
  }

  @Override
  public List<ImageNode> children(ImageView view) {
    return parts(place);
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    return view.changed(place);
  }

  @Override
  public Optional<ObjectPlace> revision() {
    return Optional.of(place);
  }
}
