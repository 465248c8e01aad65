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

  /** What a revision is shown as, of the past or of a state. */
  static List<ImageNode> parts(ObjectPlace place, ImageView view) throws IOException, FsException {
    List<ImageNode> parts = possibleParts(place);
    if (view.revision(place).blob().isEmpty()) {
      parts.remove(new BlobFile(place));
    }
    return parts;
  }

  /** What any revision may be shown as. */
  static List<ImageNode> possibleParts(ObjectPlace place) {
    List<ImageNode> parts = new ArrayList<>();
    for (ObjectFile.Part part : ObjectFile.Part.values()) {
      parts.add(new ObjectFile(place, part));
    }
    parts.add(new BlobFile(place));
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
  public List<ImageNode> children(ImageView view) throws IOException, FsException {
    return parts(place, view);
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
