package org.telosfs.block.tree;

/** Keys in ascending order and their values; {@link LooseLeaf} and {@link PackedLeaf}. */
sealed interface LeafNode extends TreeNode permits LooseLeaf, PackedLeaf {
  byte[] key(int index);

  byte[] value(int index);

  /** The index of the greatest key that is not greater than {@code key}, or -1. */
  int floorIndex(byte[] key);

  /** Whether the key at an index, which may be -1, is this one. */
  boolean isAt(int index, byte[] key);

  /** The same as arrays, of which a changed leaf is made. */
  LooseLeaf loose();

  @Override
  default int level() {
    return 0;
  }
}
