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

/** {@code slots/}: the object's own slots, in their order. */
record SlotsDirectory(ObjectPlace place) implements ImageDirectory {

  private static final FileName NAME = FileName.of("slots");
  private static final int TAG = 7;

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
    List<ImageNode> slots = new ArrayList<>();
    for (String slot : view.revision(place).state().slots().keySet()) {
      slots.add(new SlotFile(place, slot));
    }
    return slots;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    return EscapedName.find(name, view.revision(place).state().slots().keySet())
        .map(slot -> new SlotFile(place, slot))
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
