package org.telosfs.block.tree;

import org.jspecify.annotations.Nullable;

/**
 * A parent's hold on a child: the node, its place on disk, or both. Without a place it is dirty and
 * must keep its node; with one it is clean and the node may be dropped and read again.
 *
 * <p>The place is set once, by the write-out. Safe for threads.
 */
final class NodeReference {
  private static final byte CHANCES_OF_LEAF = 1;
  private static final byte CHANCES_OF_INNER_NODE = 3;

  private final long epoch;
  private volatile @Nullable TreeNode node;
  private volatile @Nullable ChildPointer pointer;

  /**
   * How many times more the cache passes it by, if nobody uses it; a lost update only costs a
   * reload. Inner nodes have more of them: without its parent no cached leaf is found.
   */
  private byte chances;

  /** The cache's count of misses when it was missed itself; its guard is the cache's. */
  private long missedAt = Long.MIN_VALUE / 2;

  /** Where the cache keeps it, or -1; its guard is the cache's. */
  private int cachedAt = -1;

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
    TreeNode present = node;
    chances = present instanceof InnerNode ? CHANCES_OF_INNER_NODE : CHANCES_OF_LEAF;
    return present;
  }

  /** The same, which counts as no use. */
  @Nullable TreeNode peek() {
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
    chances = read instanceof InnerNode ? CHANCES_OF_INNER_NODE : CHANCES_OF_LEAF;
  }

  /** It has been written there and is clean from now on; {@code same} says the same as its node. */
  void written(ChildPointer where, TreeNode same) {
    node = same;
    pointer = where;
  }

  /** True once or a few times after each use; for the cache alone. */
  boolean takeChance() {
    if (chances == 0) {
      return false;
    }
    chances--;
    return true;
  }

  /** Missed once more, as the {@code now}th: whether its last time was so few misses ago. */
  boolean missedWithin(int few, long now) {
    boolean lately = now - missedAt <= few;
    missedAt = now;
    return lately;
  }

  int cachedAt() {
    return cachedAt;
  }

  void cachedAt(int place) {
    cachedAt = place;
  }

  /** Drops the node of a clean reference. */
  void drop() {
    if (pointer == null) {
      throw new IllegalStateException("a dirty node cannot be dropped");
    }
    node = null;
  }
}
