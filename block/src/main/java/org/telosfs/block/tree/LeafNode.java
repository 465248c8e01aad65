package org.telosfs.block.tree;

import java.util.Arrays;

/** Keys in ascending order and their values. */
final class LeafNode implements TreeNode {
  static final LeafNode EMPTY = new LeafNode(new byte[0][], new byte[0][], 0);

  final byte[][] keys;
  final byte[][] values;
  private final int bodyBytes;

  LeafNode(byte[][] keys, byte[][] values, int bodyBytes) {
    this.keys = keys;
    this.values = values;
    this.bodyBytes = bodyBytes;
  }

  /** The index of the key, or -1. */
  int indexOf(byte[] key) {
    int floor = TreeNode.floorIndex(keys, key);
    return floor >= 0 && Arrays.equals(keys[floor], key) ? floor : -1;
  }

  @Override
  public int level() {
    return 0;
  }

  @Override
  public int count() {
    return keys.length;
  }

  @Override
  public int bodyBytes() {
    return bodyBytes;
  }
}
