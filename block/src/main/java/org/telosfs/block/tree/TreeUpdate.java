package org.telosfs.block.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch of changes on one version: each touched node is copied once, split when too large and
 * merged with a neighbour when too small. Used by one thread, once.
 */
final class TreeUpdate {
  /** A node below this looks for a neighbour to merge with. */
  private static final int SMALL_BYTES = NodeFormat.BODY_BYTES / 4;

  /** Merged nodes leave room, so that the next insert does not split them again. */
  private static final int MERGED_BYTES = NodeFormat.BODY_BYTES * 3 / 4;

  private static final byte[] NO_KEY = new byte[0];

  private final BTree tree;
  private final byte[][] keys;
  private final byte[] @Nullable [] values;
  private final long epoch;
  private final ReplacedNodes replaced;

  /**
   * @param keys ascending, each once
   * @param values null where the key is to be removed
   * @param epoch noted in the new nodes
   */
  TreeUpdate(
      BTree tree, byte[][] keys, byte[] @Nullable [] values, long epoch, ReplacedNodes replaced) {
    this.tree = tree;
    this.keys = keys;
    this.values = values;
    this.epoch = epoch;
    this.replaced = replaced;
  }

  /** Nodes side by side on one level, with the key that separates each from the one before. */
  private static final class Siblings {
    final List<byte[]> separators = new ArrayList<>();
    final List<NodeReference> nodes = new ArrayList<>();

    void add(byte[] separator, NodeReference node) {
      separators.add(separator);
      nodes.add(node);
    }
  }

  TreeRoot apply(TreeRoot root) throws IOException {
    Siblings top = new Siblings();
    TreeNode node = tree.load(root.reference());
    NodeReference single = update(root.reference(), node, NO_KEY, 0, keys.length, top);
    if (single != null) {
      return new TreeRoot(withoutSingleChildren(single));
    }
    int level = node.level();
    while (top.nodes.size() > 1) {
      Siblings above = new Siblings();
      level++;
      addInner(level, top, NO_KEY, above);
      top = above;
    }
    if (top.nodes.isEmpty()) {
      return new TreeRoot(dirty(LooseLeaf.EMPTY));
    }
    return new TreeRoot(withoutSingleChildren(top.nodes.get(0)));
  }

  private NodeReference dirty(TreeNode node) {
    replaced.made();
    return NodeReference.dirty(node, epoch);
  }

  private NodeReference withoutSingleChildren(NodeReference top) throws IOException {
    NodeReference at = top;
    while (tree.load(at) instanceof InnerNode inner && inner.children.length == 1) {
      replaced.add(at);
      at = inner.children[0];
    }
    return at;
  }

  /**
   * Applies changes [from, to) below one node.
   *
   * @return what it becomes, if that is one node; else null, and it is added to {@code out}
   */
  private @Nullable NodeReference update(
      NodeReference reference, TreeNode node, byte[] separator, int from, int to, Siblings out)
      throws IOException {
    replaced.add(reference);
    return node instanceof LeafNode leaf
        ? updateLeaf(leaf.loose(), separator, from, to, out)
        : updateInner((InnerNode) node, separator, from, to, out);
  }

  private @Nullable NodeReference updateLeaf(
      LooseLeaf leaf, byte[] separator, int from, int to, Siblings out) {
    int most = leaf.keys.length + to - from;
    byte[][] newKeys = new byte[most][];
    byte[][] newValues = new byte[most][];
    int bytes = leaf.bodyBytes();
    int count = 0;
    int old = 0;
    for (int change = from; change < to; change++) {
      int floor = TreeNode.floorIndex(leaf.keys, keys[change]);
      boolean there = floor >= 0 && Arrays.equals(leaf.keys[floor], keys[change]);
      int before = there ? floor : floor + 1;
      System.arraycopy(leaf.keys, old, newKeys, count, before - old);
      System.arraycopy(leaf.values, old, newValues, count, before - old);
      count += before - old;
      old = before;
      if (there) {
        bytes -= NodeFormat.leafEntryBytes(leaf.keys[old], leaf.values[old]);
        old++;
      }
      byte[] value = values[change];
      if (value != null) {
        bytes += NodeFormat.leafEntryBytes(keys[change], value);
        newKeys[count] = keys[change];
        newValues[count++] = value;
      }
    }
    System.arraycopy(leaf.keys, old, newKeys, count, leaf.keys.length - old);
    System.arraycopy(leaf.values, old, newValues, count, leaf.keys.length - old);
    count += leaf.keys.length - old;
    if (count > 0 && bytes <= NodeFormat.BODY_BYTES) {
      byte[][] exactKeys = count == most ? newKeys : Arrays.copyOf(newKeys, count);
      byte[][] exactValues = count == most ? newValues : Arrays.copyOf(newValues, count);
      return dirty(new LooseLeaf(exactKeys, exactValues, bytes));
    }
    addLeaves(newKeys, newValues, count, bytes, separator, out);
    return null;
  }

  private void addLeaves(
      byte[][] newKeys,
      byte[][] newValues,
      int count,
      int allBytes,
      byte[] separator,
      Siblings out) {
    int bytes = allBytes;
    int pieces = (bytes + NodeFormat.BODY_BYTES - 1) / NodeFormat.BODY_BYTES;
    boolean appends = pieces == 2 && isAppend(newKeys[count - 1]);
    int start = 0;
    while (start < count) {
      // Entries are large against a node, so each piece aims at its share of what is left; a load
      // in
      // key order instead fills the left node, since nothing will ever be put into it again.
      int aim =
          appends ? NodeFormat.BODY_BYTES * 9 / 10 : (bytes + pieces - 1) / Math.max(pieces, 1);
      int end = start;
      int taken = 0;
      while (end < count) {
        int entry = NodeFormat.leafEntryBytes(newKeys[end], newValues[end]);
        if (taken + entry > NodeFormat.BODY_BYTES || (taken >= aim && pieces > 1)) {
          break;
        }
        taken += entry;
        end++;
      }
      byte[] pieceSeparator =
          start == 0 ? separator : shortestSeparator(newKeys[start - 1], newKeys[start]);
      LooseLeaf leaf =
          new LooseLeaf(
              Arrays.copyOfRange(newKeys, start, end),
              Arrays.copyOfRange(newValues, start, end),
              taken);
      out.add(pieceSeparator, dirty(leaf));
      bytes -= taken;
      pieces--;
      start = end;
    }
  }

  private boolean isAppend(byte[] lastKey) {
    return keys[keys.length - 1] == lastKey;
  }

  private @Nullable NodeReference updateInner(
      InnerNode inner, byte[] separator, int from, int to, Siblings out) throws IOException {
    // Mostly each touched child becomes one node of a good size: then only its reference changes.
    NodeReference[] children = inner.children.clone();
    Siblings @Nullable [] several = null;
    Siblings below = new Siblings();
    boolean sameShape = true;
    int change = from;
    while (change < to) {
      int child = inner.childIndex(keys[change]);
      int end =
          child + 1 < children.length ? lowerBound(inner.separators[child + 1], change, to) : to;
      NodeReference reference = children[child];
      NodeReference single =
          update(reference, tree.load(reference), inner.separators[child], change, end, below);
      if (single != null) {
        children[child] = single;
        sameShape &= !isSmall(single);
      } else {
        several = several == null ? new Siblings[children.length] : several;
        several[child] = below;
        below = new Siblings();
        sameShape = false;
      }
      change = end;
    }
    if (sameShape) {
      return dirty(new InnerNode(inner.level(), inner.separators, children, inner.bodyBytes()));
    }
    Siblings all = new Siblings();
    for (int child = 0; child < children.length; child++) {
      if (several != null && several[child] != null) {
        all.separators.addAll(several[child].separators);
        all.nodes.addAll(several[child].nodes);
      } else {
        all.add(inner.separators[child], children[child]);
      }
    }
    mergeSmall(all);
    addInner(inner.level(), all, separator, out);
    return null;
  }

  /** Whether a node of this batch has become so small that it should join a neighbour. */
  private static boolean isSmall(NodeReference reference) {
    TreeNode node = reference.isDirty() ? reference.nodeIfLoaded() : null;
    return node != null && node.bodyBytes() < SMALL_BYTES;
  }

  /** The first change of [from, to) whose key is not less than {@code key}. */
  private int lowerBound(byte[] key, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(keys[middle], key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void mergeSmall(Siblings nodes) throws IOException {
    int at = 0;
    while (at < nodes.nodes.size()) {
      boolean small = isSmall(nodes.nodes.get(at));
      if (small && at > 0 && merge(nodes, at - 1)) {
        continue; // Everything moved one to the left.
      }
      if (small && at + 1 < nodes.nodes.size() && merge(nodes, at)) {
        continue; // The merged node may still be small.
      }
      at++;
    }
  }

  /** Merges node {@code left} with the one after it, if they fit into one. */
  private boolean merge(Siblings nodes, int left) throws IOException {
    NodeReference leftReference = nodes.nodes.get(left);
    NodeReference rightReference = nodes.nodes.get(left + 1);
    TreeNode leftNode = tree.load(leftReference);
    TreeNode rightNode = tree.load(rightReference);
    byte[] between = nodes.separators.get(left + 1);
    if (leftNode.bodyBytes() + rightNode.bodyBytes() + between.length > MERGED_BYTES) {
      return false;
    }
    TreeNode merged;
    if (leftNode instanceof LeafNode leftLeaf) {
      LooseLeaf first = leftLeaf.loose();
      LooseLeaf second = ((LeafNode) rightNode).loose();
      merged =
          new LooseLeaf(
              concat(first.keys, second.keys),
              concat(first.values, second.values),
              first.bodyBytes() + second.bodyBytes());
    } else {
      InnerNode first = (InnerNode) leftNode;
      InnerNode second = (InnerNode) rightNode;
      byte[][] separators = concat(first.separators, second.separators);
      separators[first.separators.length] = between;
      merged =
          new InnerNode(
              first.level(),
              separators,
              concat(first.children, second.children),
              first.bodyBytes() + second.bodyBytes() + between.length);
    }
    replaced.add(leftReference);
    replaced.add(rightReference);
    nodes.nodes.set(left, dirty(merged));
    nodes.nodes.remove(left + 1);
    nodes.separators.remove(left + 1);
    return true;
  }

  /** Makes inner nodes over {@code below}, as many as it takes. */
  private void addInner(int level, Siblings below, byte[] separator, Siblings out) {
    int count = below.nodes.size();
    int bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += NodeFormat.innerEntryBytes(below.separators.get(i));
    }
    int pieces = (bytes + NodeFormat.BODY_BYTES - 1) / NodeFormat.BODY_BYTES;
    int start = 0;
    while (start < count) {
      int aim = (bytes + pieces - 1) / Math.max(pieces, 1);
      int end = start;
      int taken = 0;
      while (end < count) {
        int entry = NodeFormat.innerEntryBytes(end == start ? NO_KEY : below.separators.get(end));
        if (taken + entry > NodeFormat.BODY_BYTES || (taken >= aim && pieces > 1)) {
          break;
        }
        taken += entry;
        end++;
      }
      byte[][] separators = below.separators.subList(start, end).toArray(new byte[0][]);
      byte[] pieceSeparator = start == 0 ? separator : separators[0];
      separators[0] = NO_KEY;
      NodeReference[] children = below.nodes.subList(start, end).toArray(new NodeReference[0]);
      out.add(pieceSeparator, dirty(new InnerNode(level, separators, children, taken)));
      bytes -= taken;
      pieces--;
      start = end;
    }
  }

  /** The shortest key that is greater than {@code before} and not greater than {@code after}. */
  static byte[] shortestSeparator(byte[] before, byte[] after) {
    int common = Arrays.mismatch(before, after);
    return Arrays.copyOf(after, common + 1);
  }

  private static <T> T[] concat(T[] first, T[] second) {
    T[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
