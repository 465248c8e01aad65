package org.telosfs.block.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the dirty nodes of one version to free places, children before parents, so that it is
 * whole on disk. First asks for the places ({@link #nodeCount}), then writes; the owner flushes.
 * Updates of later versions may go on meanwhile. Used by one thread.
 */
public final class TreeWriteOut {
  /** Nodes side by side are written together, up to this many. */
  private static final int NODES_PER_WRITE = 64;

  private final BTree tree;
  private final TreeRoot root;
  private final List<NodeReference> dirty = new ArrayList<>();

  /** Finds the dirty nodes of a version. */
  public TreeWriteOut(BTree tree, TreeRoot root) {
    this.tree = tree;
    this.root = root;
    collect(root.reference());
  }

  private void collect(NodeReference reference) {
    if (!reference.isDirty()) {
      return; // Nothing below a clean node is dirty.
    }
    if (reference.nodeIfLoaded() instanceof InnerNode inner) {
      for (NodeReference child : inner.children) {
        collect(child);
      }
    }
    dirty.add(reference);
  }

  /** How many places {@link #write} needs. */
  public int nodeCount() {
    return dirty.size();
  }

  /**
   * Writes every dirty node; they are clean from then on.
   *
   * @param blocks a free place for each, of {@link BTree#NODE_BYTES}; best in ascending order
   * @param generation the checkpoint's
   * @return where the root lies
   */
  public ChildPointer write(List<Long> blocks, long generation) throws IOException {
    if (blocks.size() != dirty.size()) {
      throw new IllegalArgumentException(blocks.size() + " places for " + dirty.size() + " nodes");
    }
    NodeStorage storage = tree.storage();
    int blocksPerNode = BTree.NODE_BYTES / storage.blockBytes();
    ByteBuffer batch =
        ByteBuffer.allocateDirect(
            Math.min(NODES_PER_WRITE, Math.max(1, dirty.size())) * BTree.NODE_BYTES);
    int first = 0;
    for (int i = 0; i < dirty.size(); i++) {
      TreeNode node = dirty.get(i).nodeIfLoaded();
      if (node == null) {
        throw new IllegalStateException("a dirty node was dropped");
      }
      // A parent reads its children's pointers, so they are set at once; nobody else uses them
      // before the superblock names this root, and a node whose write fails stays unreferenced.
      int start = batch.position();
      ChildPointer pointer =
          NodeCodec.encode(node, blocks.get(i), storage.salt(), generation, batch);
      dirty.get(i).written(pointer, compact(node, batch, start));
      boolean runGoesOn =
          i + 1 < dirty.size()
              && batch.hasRemaining()
              && blocks.get(i + 1) == blocks.get(i) + blocksPerNode;
      if (!runGoesOn) {
        storage.write(blocks.get(first), batch.flip());
        batch.clear();
        first = i + 1;
      }
    }
    for (NodeReference reference : dirty) {
      tree.becameClean(reference);
    }
    ChildPointer top = root.pointer();
    if (top == null) {
      throw new IllegalStateException("the root was not written");
    }
    return top;
  }

  /** What stays in memory of a node that was encoded at {@code start}. */
  private static TreeNode compact(TreeNode node, ByteBuffer encoded, int start) {
    if (!(node instanceof LooseLeaf leaf)) {
      return node;
    }
    byte[] body = new byte[leaf.bodyBytes()];
    encoded.get(start + NodeFormat.HEADER_BYTES, body);
    return PackedLeaf.of(leaf, body);
  }
}
