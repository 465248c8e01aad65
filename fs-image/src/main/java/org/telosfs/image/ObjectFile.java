package org.telosfs.image;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.image.render.StateJson;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** A file that every revision has. */
record ObjectFile(ObjectPlace place, Part part) implements RenderedFile {

  /** Which file. */
  enum Part {
    STATE("state.json", 2),
    RAW("raw", 3),
    PROTOTYPE("prototype", 4),
    TID("tid", 5),
    SIZE("size", 6);

    private final String fileName;
    private final int tag;

    Part(String fileName, int tag) {
      this.fileName = fileName;
      this.tag = tag;
    }
  }

  @Override
  public ImageDirectory parent() {
    return place.directory();
  }

  @Override
  public FileName name() {
    return FileName.of(part.fileName);
  }

  @Override
  public byte[] content(ImageView view) throws IOException, FsException {
    RenderedRevision revision = view.revision(place);
    return switch (part) {
      case STATE -> revision.stateJson();
      case RAW -> revision.raw().toByteArray();
      case PROTOTYPE ->
          revision.state().prototype().map(id -> StateJson.line(id.toString())).orElse(new byte[0]);
      case TID -> StateJson.line(revision.transaction().toString());
      case SIZE -> StateJson.line(String.valueOf(revision.raw().size()));
    };
  }

  @Override
  public long sizeBytes(ImageView view) throws IOException, FsException {
    return part == Part.RAW ? view.revision(place).raw().size() : content(view).length;
  }

  @Override
  public boolean immutable() {
    return !place.isLive();
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
    return ObjectDirectory.fixedNumber(part.tag, place);
  }
}
