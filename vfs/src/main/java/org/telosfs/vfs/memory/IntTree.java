package org.telosfs.vfs.memory;

import org.telosfs.vfs.FsException;

/**
 * A sparse array of positive numbers, outside the heap: a radix tree whose nodes hold sixteen each.
 * An array with nothing but its first number has no node at all. This object is but the root and
 * the height; whoever owns the tree keeps them and guards it all.
 */
final class IntTree {
  /** What {@link #nextFrom} answers when nothing follows. */
  static final long NONE = Long.MAX_VALUE;

  static final int NODE_BYTES = 64;

  private static final int NODE_SHIFT = 4;
  private static final int SLOTS = 1 << NODE_SHIFT;

  private final RecordPool nodes;
  private int root;
  private int height;

  /**
   * An array as it was.
   *
   * @param nodes records of {@link #NODE_BYTES}, zeros when they are free
   * @param root as {@link #root} told; 0 if nothing was in it
   * @param height as {@link #height} told
   */
  IntTree(RecordPool nodes, int root, int height) {
    this.nodes = nodes;
    this.root = root;
    this.height = height;
  }

  /** The topmost node, or, where the height is 0, the first number. */
  int root() {
    return root;
  }

  /** How many nodes lie above a number, 0..16. */
  int height() {
    return height;
  }

  /** 0 if nothing is there. */
  int get(long index) {
    if (!covers(index)) {
      return 0;
    }
    int at = root;
    for (int level = height; level > 0 && at != 0; level--) {
      at = slot(at, index, level);
    }
    return at;
  }

  /**
   * Puts a number at an index of 0 or more, in place of what was there.
   *
   * @throws FsException ENOSPC if there is no memory for a node; the array holds what it held
   */
  void set(long index, int value) throws FsException {
    if (value <= 0 || index < 0) {
      throw new IllegalArgumentException("index=" + index + " value=" + value);
    }
    while (!covers(index)) {
      if (root != 0) {
        int above = nodes.take();
        nodes.putInt(above, 0, root);
        root = above;
      }
      height++;
    }
    if (height == 0) {
      root = value;
      return;
    }
    if (root == 0) {
      root = nodes.take();
    }
    int at = root;
    int level = height;
    try {
      for (; level > 1; level--) {
        int below = slot(at, index, level);
        if (below == 0) {
          below = nodes.take();
          nodes.putInt(at, slotOffset(index, level), below);
        }
        at = below;
      }
    } catch (FsException full) {
      prune(index);
      throw full;
    }
    nodes.putInt(at, slotOffset(index, 1), value);
  }

  /** Empties the place of an index. */
  void clear(long index) {
    if (!covers(index) || root == 0) {
      return;
    }
    if (height == 0) {
      root = 0;
      return;
    }
    int at = root;
    for (int level = height; level > 1; level--) {
      at = slot(at, index, level);
      if (at == 0) {
        return;
      }
    }
    nodes.putInt(at, slotOffset(index, 1), 0);
    prune(index);
  }

  /** The first index from {@code index} on with a number, or {@link #NONE}. */
  long nextFrom(long index) {
    return root == 0 || !covers(index) ? NONE : nextFrom(root, height, index);
  }

  private long nextFrom(int node, int level, long index) {
    if (level == 0) {
      return 0;
    }
    int shift = (level - 1) * NODE_SHIFT;
    long within = index & ((1L << shift) - 1);
    for (int slot = (int) (index >>> shift); slot < SLOTS; slot++) {
      int below = nodes.getInt(node, slot * Integer.BYTES);
      if (below != 0) {
        long found = nextFrom(below, level - 1, within);
        if (found != NONE) {
          return ((long) slot << shift) + found;
        }
      }
      within = 0;
    }
    return NONE;
  }

  /** Gives back the nodes on the way to an index that hold nothing. */
  private void prune(long index) {
    root = pruned(root, height, index);
    if (root == 0) {
      height = 0;
    }
  }

  /** 0 if the node is gone. */
  private int pruned(int node, int level, long index) {
    int below = slot(node, index, level);
    if (level > 1 && below != 0) {
      below = pruned(below, level - 1, index);
      nodes.putInt(node, slotOffset(index, level), below);
    }
    if (below != 0) {
      return node;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if (nodes.getInt(node, slot * Integer.BYTES) != 0) {
        return node;
      }
    }
    nodes.giveBack(node);
    return 0;
  }

  private boolean covers(long index) {
    int bits = height * NODE_SHIFT;
    return bits >= Long.SIZE - 1 || index >>> bits == 0;
  }

  private int slot(int node, long index, int level) {
    return nodes.getInt(node, slotOffset(index, level));
  }

  private static int slotOffset(long index, int level) {
    return (int) ((index >>> ((level - 1) * NODE_SHIFT)) & (SLOTS - 1)) * Integer.BYTES;
  }
}
