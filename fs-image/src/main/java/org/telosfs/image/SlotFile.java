package org.telosfs.image;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.image.render.StateJson;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/** {@code slots/NAME}: one slot's value. */
record SlotFile(ObjectPlace place, String slot) implements RenderedFile {

  @Override
  public ImageDirectory parent() {
    return new SlotsDirectory(place);
  }

  @Override
  public FileName name() {
    return EscapedName.of(slot);
  }

  @Override
  public byte[] content(ImageView view) throws IOException, FsException {
    return StateJson.slot(
        view.revision(place).state().slot(slot).orElseThrow(() -> new FsException(Errno.ENOENT)));
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
}
