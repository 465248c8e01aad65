package org.telosfs.block.tree;

import java.util.Arrays;

/** A leaf as arrays, which shares its keys and values with those it was made of. */
final class LooseLeaf implements LeafNode {
  static final LooseLeaf EMPTY = new LooseLeaf(new byte[0][], new byte[0][], 0);

  final byte[][] keys;
  final byte[][] values;
  private final int bodyBytes;

  LooseLeaf(byte[][] keys, byte[][] values, int bodyBytes) {
    this.keys = keys;
    this.values = values;
    this.bodyBytes = bodyBytes;
  }

  @Override
  public byte[] key(int index) {
    return keys[index];
  }

  @Override
  public byte[] value(int index) {
    return values[index];
  }

  @Override
  public int floorIndex(byte[] key) {
    return TreeNode.floorIndex(keys, key);
  }

  @Override
  public boolean isAt(int index, byte[] key) {
    return index >= 0 && Arrays.equals(keys[index], key);
  }

  @Override
  public LooseLeaf loose() {
    return this;
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
