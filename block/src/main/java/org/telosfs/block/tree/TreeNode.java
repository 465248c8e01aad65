package org.telosfs.block.tree;

/** A node in memory; immutable. */
sealed interface TreeNode permits LeafNode, InnerNode {
  /** 0 for a leaf. */
  int level();

  /** Entries of a leaf, children of an inner node. */
  int count();

  /** Bytes of the encoded body. */
  int bodyBytes();

  /** The index of the greatest of {@code keys} that is not greater than {@code key}, or -1. */
  static int floorIndex(byte[][] keys, byte[] key) {
    int low = 0;
    int high = keys.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = java.util.Arrays.compareUnsigned(keys[middle], key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
