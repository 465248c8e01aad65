package org.telosfs.image;

import java.util.ArrayList;
import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.FileName;

/** {@code objects/}: all the shards, whether anything is in them or not. */
record ObjectsDirectory() implements ImageDirectory {

  private static final FileName NAME = FileName.of("objects");

  /** {@code objects/HH/OID}. */
  static String path(ObjectId id) {
    return NAME + "/" + ShardDirectory.of(id).name() + "/" + id;
  }

  @Override
  public ImageDirectory parent() {
    return new RootDirectory();
  }

  @Override
  public FileName name() {
    return NAME;
  }

  @Override
  public List<ImageNode> children(ImageView view) {
    List<ImageNode> shards = new ArrayList<>();
    for (int shard = 0; shard < ShardDirectory.COUNT; shard++) {
      shards.add(new ShardDirectory(shard));
    }
    return shards;
  }

  @Override
  public TransactionId changed(ImageView view) {
    return view.opened();
  }

  @Override
  public long fixedNumber() {
    return 5;
  }
}
