package org.telosfs.block.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a version on disk, node by node, past the cache: checksums, levels, order of keys across
 * nodes. Goes on after damage with what can be reached.
 */
public final class TreeCheck {
  private final BTree tree;
  private final LongConsumer reached;
  private final List<String> findings = new ArrayList<>();
  private long entries;
  private byte @Nullable [] lastKey;

  /** Each node's address is told to {@code reached}. */
  public TreeCheck(BTree tree, LongConsumer reached) {
    this.tree = tree;
    this.reached = reached;
  }

  /** What is wrong with the version at {@code pointer}, one line each; empty if it is whole. */
  public List<String> check(ChildPointer pointer) {
    visit(pointer, -1, new byte[0], null);
    return List.copyOf(findings);
  }

  /** Entries seen. */
  public long entries() {
    return entries;
  }

  private void visit(
      ChildPointer pointer, int expectedLevel, byte[] from, byte @Nullable [] below) {
    reached.accept(pointer.block());
    TreeNode node;
    try {
      node = tree.read(pointer);
    } catch (IOException damaged) {
      findings.add(String.valueOf(damaged.getMessage()));
      return;
    }
    if (expectedLevel >= 0 && node.level() != expectedLevel) {
      findings.add(
          "tree node at block "
              + pointer.block()
              + ": level is "
              + node.level()
              + ", expected "
              + expectedLevel);
      return;
    }
    if (node instanceof LeafNode leaf) {
      checkLeaf(pointer, leaf, from, below);
    } else {
      InnerNode inner = (InnerNode) node;
      for (int i = 0; i < inner.children.length; i++) {
        byte[] childFrom = i == 0 ? from : inner.separators[i];
        byte[] childBelow = i + 1 < inner.children.length ? inner.separators[i + 1] : below;
        ChildPointer child = inner.children[i].pointer();
        if (child != null) {
          visit(child, inner.level() - 1, childFrom, childBelow);
        }
      }
    }
  }

  private void checkLeaf(
      ChildPointer pointer, LeafNode leaf, byte[] from, byte @Nullable [] below) {
    for (int i = 0; i < leaf.count(); i++) {
      byte[] key = leaf.key(i);
      entries++;
      boolean ordered = lastKey == null || Arrays.compareUnsigned(lastKey, key) < 0;
      boolean inside =
          Arrays.compareUnsigned(key, from) >= 0
              && (below == null || Arrays.compareUnsigned(key, below) < 0);
      if (!ordered || !inside) {
        findings.add("tree node at block " + pointer.block() + ": a key is out of order");
        return;
      }
      lastKey = key;
    }
  }
}
