package org.telosfs.block.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of byte strings in versions. Keys ascend as unsigned bytes. Arrays handed in or
 * out belong to the tree and are never changed by anyone.
 *
 * <p>Reading is safe from any thread and takes no lock. Updates of one line of versions are made by
 * one thread at a time.
 */
public final class BTree {
  /** Bytes of one node on disk. */
  public static final int NODE_BYTES = NodeFormat.NODE_BYTES;

  /** Longest key in bytes. */
  public static final int MAX_KEY_BYTES = 1024;

  /** Longest value in bytes: with its key three fit into a node. */
  public static final int MAX_VALUE_BYTES = 4096;

  private final NodeStorage storage;
  private final NodeCache cache;

  /** To read nodes into, one for each of those who read at a time. */
  private final ConcurrentLinkedQueue<ByteBuffer> rooms = new ConcurrentLinkedQueue<>();

  /** A tree that keeps as many bytes of clean nodes in memory as {@code cachedNodes} can have. */
  public BTree(NodeStorage storage, int cachedNodes) {
    this.storage = storage;
    this.cache = new NodeCache(cachedNodes);
  }

  /**
   * The value of a key, or null.
   *
   * @throws TreeCorruptException if a node on the way is damaged
   */
  public byte @Nullable [] get(TreeRoot root, byte[] key) throws IOException {
    TreeNode node = load(root.reference());
    while (node instanceof InnerNode inner) {
      node = load(inner.children[inner.childIndex(key)]);
    }
    LeafNode leaf = (LeafNode) node;
    int index = leaf.floorIndex(key);
    return leaf.isAt(index, key) ? leaf.value(index) : null;
  }

  /**
   * A cursor that stands before the first key that is not less than {@code from}; {@link
   * TreeCursor#next} and {@link TreeCursor#previous} move it either way.
   */
  public TreeCursor cursor(TreeRoot root, byte[] from) throws IOException {
    return new TreeCursor(this, root, from);
  }

  /**
   * A new version with all changes made.
   *
   * @param changes in unsigned order; a null value removes the key
   * @param replaced is told which nodes the new version no longer has
   * @throws IllegalArgumentException if a key or value is too long
   */
  public TreeRoot apply(
      TreeRoot root, SortedMap<byte[], byte @Nullable []> changes, ReplacedNodes replaced)
      throws IOException {
    if (changes.isEmpty()) {
      return root;
    }
    byte[][] keys = new byte[changes.size()][];
    byte[] @Nullable [] values = new byte[changes.size()][];
    int count = 0;
    for (Map.Entry<byte[], byte @Nullable []> change : changes.entrySet()) {
      byte[] key = change.getKey();
      byte[] value = change.getValue();
      if (key.length == 0 || key.length > MAX_KEY_BYTES) {
        throw new IllegalArgumentException("key of " + key.length + " bytes");
      }
      if (value != null && value.length > MAX_VALUE_BYTES) {
        throw new IllegalArgumentException("value of " + value.length + " bytes");
      }
      if (count > 0 && Arrays.compareUnsigned(keys[count - 1], key) >= 0) {
        throw new IllegalArgumentException("changes are not in unsigned order");
      }
      keys[count] = key;
      values[count++] = value;
    }
    return new TreeUpdate(this, keys, values, replaced.epoch(), replaced).apply(root);
  }

  /** The node of a reference, read from disk if need be. */
  TreeNode load(NodeReference reference) throws IOException {
    TreeNode node = reference.nodeIfLoaded();
    if (node != null) {
      return node;
    }
    ChildPointer pointer = reference.pointer();
    if (pointer == null) {
      throw new IllegalStateException("a dirty node was dropped");
    }
    TreeNode read = read(pointer);
    // Inner nodes always: their references are what the cache knows its leaves by.
    if (cache.isWanted(reference) || read instanceof InnerNode) {
      reference.loaded(read);
      cache.add(reference);
    }
    return read;
  }

  /** Reads and verifies a node past the cache. */
  TreeNode read(ChildPointer pointer) throws IOException {
    ByteBuffer pooled = rooms.poll();
    ByteBuffer room = pooled == null ? ByteBuffer.allocateDirect(NODE_BYTES) : pooled;
    try {
      storage.read(pointer.block(), room.clear());
      return NodeCodec.decode(room.rewind(), pointer, storage.salt());
    } finally {
      rooms.add(room);
    }
  }

  /** Notes that a reference has just become clean. */
  void becameClean(NodeReference reference) {
    cache.add(reference);
  }

  /** Notes that no version that is read from now on has this node. */
  void forget(NodeReference reference) {
    cache.forget(reference);
  }

  NodeStorage storage() {
    return storage;
  }
}
