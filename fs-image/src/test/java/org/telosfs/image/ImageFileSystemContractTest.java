package org.telosfs.image;

import java.io.IOException;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.vfs.ReadOnlyContract;
import org.telosfs.vfs.VirtualFileSystem;

class ImageFileSystemContractTest extends ReadOnlyContract {

  @Override
  protected VirtualFileSystem newTree() throws IOException {
    ImageFixture image = new ImageFixture();
    ObjectId first = image.newObject("text", "a");
    ObjectId second = image.store.newIds(1).get(0);
    image.put(
        second, ObjectState.builder().prototype(first).slot("a/b", first).slot("n", 1).build());
    image.put(first, "text", "b");
    image.commit(transaction -> transaction.setRoot("first", first));
    image.commit(transaction -> transaction.setRoot("..", second));
    return image.tree;
  }

  @Override
  protected String filePath() {
    return "README";
  }
}
