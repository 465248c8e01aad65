package org.telosfs.block.tree;

import org.jspecify.annotations.Nullable;

/**
 * A parent's hold on a child: the node, its place on disk, or both. Without a place it is dirty and
 * must keep its node; with one it is clean and the node may be dropped and read again.
 *
 * <p>The place is set once, by the write-out. Safe for threads.
 */
final class NodeReference {
  private final long epoch;
  private volatile @Nullable TreeNode node;
  private volatile @Nullable ChildPointer pointer;

  /** Read since the cache last looked; a lost update only costs a reload. */
  private boolean touched;

  private NodeReference(long epoch, @Nullable TreeNode node, @Nullable ChildPointer pointer) {
    this.epoch = epoch;
    this.node = node;
    this.pointer = pointer;
  }

  /** A new node, made in the given epoch of updates. */
  static NodeReference dirty(TreeNode node, long epoch) {
    return new NodeReference(epoch, node, null);
  }

  /** A node on disk that nobody has read yet. */
  static NodeReference onDisk(ChildPointer pointer) {
    return new NodeReference(0, null, pointer);
  }

  /** In which epoch of updates it was made; 0 if it came from disk. */
  long epoch() {
    return epoch;
  }

  @Nullable TreeNode nodeIfLoaded() {
    touched = true;
    return node;
  }

  @Nullable ChildPointer pointer() {
    return pointer;
  }

  boolean isDirty() {
    return pointer == null;
  }

  void loaded(TreeNode read) {
    node = read;
    touched = true;
  }

  /** It has been written there and is clean from now on; {@code same} says the same as its node. */
  void written(ChildPointer where, TreeNode same) {
    node = same;
    pointer = where;
  }

  /** True once after each use; for the cache alone. */
  boolean takeTouched() {
    boolean was = touched;
    touched = false;
    return was;
  }

  /** Drops the node of a clean reference. */
  void drop() {
    if (pointer == null) {
      throw new IllegalStateException("a dirty node cannot be dropped");
    }
    node = null;
  }
}
