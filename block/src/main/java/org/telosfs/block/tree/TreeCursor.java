package org.telosfs.block.tree;

import java.io.IOException;
import java.util.Arrays;

/** Walks one version in key order, either way. Used by one thread. */
public final class TreeCursor {
  private final BTree tree;

  /** The inner nodes from the root down, and which child of each was taken. */
  private InnerNode[] path;

  private int[] taken;

  /** How many inner nodes there are. */
  private int depth;

  private LeafNode leaf = LooseLeaf.EMPTY;

  /** The entry that {@link #next} will take; {@link #previous} takes the one before it. */
  private int position;

  private int current = -1;

  TreeCursor(BTree tree, TreeRoot root, byte[] from) throws IOException {
    this.tree = tree;
    TreeNode node = tree.load(root.reference());
    path = new InnerNode[node.level()];
    taken = new int[node.level()];
    while (node instanceof InnerNode inner) {
      int child = inner.childIndex(from);
      push(inner, child);
      node = tree.load(inner.children[child]);
    }
    leaf = (LeafNode) node;
    int floor = leaf.floorIndex(from);
    position = leaf.isAt(floor, from) ? floor : floor + 1;
  }

  /**
   * Whether a new cursor stands right before {@code from}, the key that it was made with: that key
   * is in no other leaf.
   */
  public boolean isBefore(byte[] from) {
    return position < leaf.count() && leaf.isAt(position, from);
  }

  /** Moves over the next entry; false at the end. */
  public boolean next() throws IOException {
    while (position >= leaf.count()) {
      if (!step(1)) {
        current = -1;
        return false;
      }
      position = 0;
    }
    current = position++;
    return true;
  }

  /** Moves back over the entry before; false at the start. */
  public boolean previous() throws IOException {
    while (position == 0) {
      if (!step(-1)) {
        current = -1;
        return false;
      }
      position = leaf.count();
    }
    current = --position;
    return true;
  }

  /** The key of the entry moved over last. */
  public byte[] key() {
    return leaf.key(current);
  }

  /** The value of the entry moved over last. */
  public byte[] value() {
    return leaf.value(current);
  }

  /** Goes to the leaf beside; false if there is none, and then nothing has changed. */
  private boolean step(int direction) throws IOException {
    int at = depth - 1;
    while (at >= 0) {
      int child = taken[at] + direction;
      if (child >= 0 && child < path[at].children.length) {
        break;
      }
      at--;
    }
    if (at < 0) {
      return false;
    }
    taken[at] += direction;
    depth = at + 1;
    TreeNode node = tree.load(path[at].children[taken[at]]);
    while (node instanceof InnerNode below) {
      int end = direction > 0 ? 0 : below.children.length - 1;
      push(below, end);
      node = tree.load(below.children[end]);
    }
    leaf = (LeafNode) node;
    return true;
  }

  private void push(InnerNode inner, int child) {
    if (depth == path.length) { // only in a damaged tree, whose levels say less than there are
      path = Arrays.copyOf(path, depth + 1);
      taken = Arrays.copyOf(taken, depth + 1);
    }
    path[depth] = inner;
    taken[depth++] = child;
  }
}
