package org.telosfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PathWalk;

/** A store in memory and its tree. */
final class ImageFixture implements AutoCloseable {

  final ObjectStore store;
  final ImageFileSystem tree;
  final PathWalk walk;

  ImageFixture() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    store = LocalObjectStore.open(directory, StoreConfig.DEFAULT);
    tree = new ImageFileSystem(store, ImageConfig.ownedBy(12, 34));
    walk = new PathWalk(tree);
  }

  /** Changes of one transaction. */
  interface Changes {
    void apply(StoreTransaction transaction) throws IOException;
  }

  TransactionId commit(Changes changes) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      changes.apply(transaction);
      return transaction.commit(TransactionMetadata.of("ada", "a test")).orThrow();
    }
  }

  TransactionId put(ObjectId id, ObjectState state) throws IOException {
    return commit(transaction -> transaction.put(StateCodec.put(id, state)));
  }

  TransactionId put(ObjectId id, String slot, String value) throws IOException {
    return put(id, ObjectState.builder().slot(slot, value).build());
  }

  ObjectId newObject(String slot, String value) throws IOException {
    ObjectId id = store.newIds(1).get(0);
    put(id, slot, value);
    return id;
  }

  static String path(ObjectId id) {
    return ObjectsDirectory.path(id);
  }

  /** The content at a path, each of its places held while it is walked. */
  byte[] content(String path) throws FsException {
    InodeNumber file = hold(path);
    ByteBuffer into = ByteBuffer.allocate(1 << 20);
    tree.read(Caller.ROOT, file, FileHandle.NONE, 0, into);
    tree.forget(file, 1);
    return Arrays.copyOf(into.array(), into.position());
  }

  String text(String path) throws FsException {
    return new String(content(path), StandardCharsets.UTF_8);
  }

  String target(String path) throws FsException {
    InodeNumber link = hold(path);
    String target = new String(tree.readlink(Caller.ROOT, link), StandardCharsets.UTF_8);
    tree.forget(link, 1);
    return target;
  }

  List<String> names(String path) throws FsException {
    InodeNumber directory = hold(path);
    List<String> names =
        walk.list(directory).stream()
            .map(entry -> entry.name().toString())
            .filter(name -> !name.equals(".") && !name.equals(".."))
            .toList();
    tree.forget(directory, 1);
    return names;
  }

  /** The inode at a path; the caller owes one forget. */
  InodeNumber hold(String path) throws FsException {
    InodeNumber at = InodeNumber.ROOT;
    for (String part : path.split("/")) {
      try {
        InodeNumber next = tree.lookup(Caller.ROOT, at, FileName.of(part)).inode();
        tree.forget(at, 1);
        at = next;
      } catch (FsException refusal) {
        tree.forget(at, 1);
        throw refusal;
      }
    }
    return at;
  }

  @Override
  public void close() throws IOException {
    tree.close();
    store.close();
  }
}
