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

/**
 * {@code objects/HH/OID/}. Of a deleted object no listing tells, but its name still leads here, and
 * {@code history/} is all there is: so links from {@code transactions/} lead somewhere for ever.
 */
record ObjectDirectory(ObjectId id) implements ImageDirectory {

  private static final int TAG = 1;

  @Override
  public ImageDirectory parent() {
    return ShardDirectory.of(id);
  }

  @Override
  public FileName name() {
    return FileName.of(id.toString());
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException, FsException {
    List<ImageNode> children = new ArrayList<>();
    if (view.changed(id).isPresent()) {
      children.addAll(RevisionDirectory.parts(ObjectPlace.live(id), view));
    }
    children.add(new HistoryDirectory(id));
    return children;
  }

  @Override
  public TransactionId changed(ImageView view) throws IOException, FsException {
    Optional<TransactionId> changed = view.changed(id);
    if (changed.isPresent()) {
      return changed.get();
    }
    return view.history(id).stream().findFirst().orElseThrow(() -> new FsException(Errno.ENOENT));
  }

  @Override
  public Optional<ObjectId> watched() {
    return Optional.of(id);
  }

  @Override
  public Optional<ObjectPlace> revision() {
    return Optional.of(ObjectPlace.live(id));
  }

  @Override
  public long fixedNumber() {
    return fixedNumber(TAG, ObjectPlace.live(id));
  }

  /** Tag and id, for a live object whose id leaves room for the tag. */
  static long fixedNumber(int tag, ObjectPlace place) {
    long value = place.id().value();
    boolean fits = value >>> (Long.SIZE - 1 - TAG_BITS) == 0;
    return place.isLive() && fits ? value << TAG_BITS | tag : 0;
  }
}
