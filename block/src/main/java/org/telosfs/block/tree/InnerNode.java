package org.telosfs.block.tree;

/**
 * Children and the keys between them: {@code separators[i]} is not greater than any key below child
 * i and greater than any below child i - 1. The first separator is empty.
 */
final class InnerNode implements TreeNode {
  final byte[][] separators;
  final NodeReference[] children;
  private final int level;
  private final int bodyBytes;

  InnerNode(int level, byte[][] separators, NodeReference[] children, int bodyBytes) {
    this.level = level;
    this.separators = separators;
    this.children = children;
    this.bodyBytes = bodyBytes;
  }

  /** The child below which the key lies, if anywhere. */
  int childIndex(byte[] key) {
    return TreeNode.floorIndex(separators, key);
  }

  @Override
  public int level() {
    return level;
  }

  @Override
  public int count() {
    return children.length;
  }

  @Override
  public int bodyBytes() {
    return bodyBytes;
  }
}
