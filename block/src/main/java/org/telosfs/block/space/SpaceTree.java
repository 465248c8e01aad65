package org.telosfs.block.space;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;

/**
 * The space map on disk: a tree of its own, from group number (4 bytes, big-endian) to the group's
 * record. Only checkpoints change it, so it always tells the state of the last one. Used by one
 * thread.
 */
public final class SpaceTree {
  private final BTree tree;

  /** Works on versions of {@code tree}. */
  public SpaceTree(BTree tree) {
    this.tree = tree;
  }

  /** A version in which the changes have been made, in their order. */
  public TreeRoot apply(TreeRoot root, List<SpaceChange> changes, ReplacedNodes replaced)
      throws IOException {
    Map<Integer, GroupBits> groups = new HashMap<>();
    for (SpaceChange change : changes) {
      long at = change.run().start();
      while (at < change.run().end()) {
        int group = Math.toIntExact(at / GroupBits.BLOCKS);
        GroupBits bits = groups.get(group);
        if (bits == null) {
          bits = load(root, group);
          groups.put(group, bits);
        }
        int from = (int) (at % GroupBits.BLOCKS);
        int count = (int) Math.min(GroupBits.BLOCKS - from, change.run().end() - at);
        bits.mark(from, count, change.used());
        at += count;
      }
    }
    SortedMap<byte[], byte @Nullable []> records = new TreeMap<>(Arrays::compareUnsigned);
    groups.forEach((group, bits) -> records.put(key(group), bits.encode()));
    return tree.apply(root, records, replaced);
  }

  GroupBits load(TreeRoot root, int group) throws IOException {
    return decode(group, record(root, group));
  }

  /** What a version says of a group; null if no block of it is in use. */
  byte @Nullable [] record(TreeRoot root, int group) throws IOException {
    return tree.get(root, key(group));
  }

  static GroupBits decode(int group, byte @Nullable [] record) throws IOException {
    try {
      return GroupBits.decode(record);
    } catch (SpaceCorruptException damaged) {
      throw new IOException("space group " + group + ": " + damaged.getMessage(), damaged);
    }
  }

  private static byte[] key(int group) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(group).array();
  }
}
