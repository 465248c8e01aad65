package org.telosfs.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * {@code objects/HH/}: the objects whose ids end in these two digits, so that ids given out one
 * after the other spread over all of them. A listing has the store's index walk over all ids, which
 * costs some nanoseconds for each: far less than what listing the shard's own objects costs.
 */
record ShardDirectory(int shard) implements ImageDirectory {

  static final int COUNT = 256;

  /** Of no object's places. */
  static final int TAG = 15;

  private static final int MASK = COUNT - 1;
  private static final HexFormat HEX = HexFormat.of();

  static ShardDirectory of(ObjectId id) {
    return new ShardDirectory((int) id.value() & MASK);
  }

  @Override
  public ImageDirectory parent() {
    return new ObjectsDirectory();
  }

  @Override
  public FileName name() {
    return FileName.of(HEX.toHexDigits((byte) shard));
  }

  @Override
  public List<ImageNode> children(ImageView view) throws IOException {
    List<ImageNode> objects = new ArrayList<>();
    for (ObjectId id : view.ids(value -> (value & MASK) == shard)) {
      objects.add(new ObjectDirectory(id));
    }
    return objects;
  }

  @Override
  public ImageNode child(FileName name, ImageView view) throws IOException, FsException {
    ObjectDirectory object = new ObjectDirectory(parse(name));
    if (!object.parent().equals(this)) {
      throw new FsException(Errno.ENOENT);
    }
    object.changed(view);
    return object;
  }

  /** The id that a file name tells; ENOENT if none. */
  static ObjectId parse(FileName name) throws FsException {
    try {
      return ObjectId.parse(name.toString());
    } catch (IllegalArgumentException noId) {
      throw new FsException(Errno.ENOENT);
    }
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.shardChanged(shard);
  }

  @Override
  public long fixedNumber() {
    return (long) shard << TAG_BITS | TAG;
  }
}
