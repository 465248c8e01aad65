package org.telosfs.block.tree;

import static org.telosfs.block.tree.NodeFormat.ADDRESS_OFFSET;
import static org.telosfs.block.tree.NodeFormat.BIRTH_OFFSET;
import static org.telosfs.block.tree.NodeFormat.COUNT_OFFSET;
import static org.telosfs.block.tree.NodeFormat.HEADER_BYTES;
import static org.telosfs.block.tree.NodeFormat.LEVEL_OFFSET;
import static org.telosfs.block.tree.NodeFormat.MAGIC;
import static org.telosfs.block.tree.NodeFormat.MAGIC_OFFSET;
import static org.telosfs.block.tree.NodeFormat.MAX_LEVEL;
import static org.telosfs.block.tree.NodeFormat.NODE_BYTES;
import static org.telosfs.block.tree.NodeFormat.SALT_OFFSET;
import static org.telosfs.block.tree.NodeFormat.VERSION;
import static org.telosfs.block.tree.NodeFormat.VERSION_OFFSET;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Nodes to bytes and back; pure. Layout: {@link NodeFormat}. */
final class NodeCodec {
  private NodeCodec() {}

  /**
   * Encodes a node whose children are all on disk into the next {@value NodeFormat#NODE_BYTES}
   * bytes of {@code into}; returns its pointer.
   */
  static ChildPointer encode(
      TreeNode node, long block, long salt, long generation, ByteBuffer into) {
    int start = into.position();
    into.putInt(MAGIC).put((byte) VERSION).put((byte) node.level()).putShort((short) node.count());
    into.putLong(block).putLong(salt).putLong(generation);
    if (node instanceof PackedLeaf packed) {
      packed.putInto(into);
    } else if (node instanceof LooseLeaf leaf) {
      for (int i = 0; i < leaf.keys.length; i++) {
        into.putShort((short) leaf.keys[i].length).putShort((short) leaf.values[i].length);
        into.put(leaf.keys[i]).put(leaf.values[i]);
      }
    } else {
      InnerNode inner = (InnerNode) node;
      for (int i = 0; i < inner.children.length; i++) {
        ChildPointer child = inner.children[i].pointer();
        if (child == null) {
          throw new IllegalStateException("a child of the node for block " + block + " is dirty");
        }
        into.putShort((short) inner.separators[i].length).put(inner.separators[i]);
        putPointer(into, child);
      }
    }
    while (into.position() < start + NODE_BYTES) {
      into.put((byte) 0);
    }
    return new ChildPointer(block, crc(into, start), generation);
  }

  /**
   * Decodes the node at which {@code pointer} points.
   *
   * @throws TreeCorruptException if the bytes are not that node, naming the first difference
   */
  static TreeNode decode(ByteBuffer from, ChildPointer pointer, long salt)
      throws TreeCorruptException {
    int crc = crc(from, 0);
    if (crc != pointer.crc32c()) {
      throw new TreeCorruptException(
          pointer.block(),
          String.format("crc32c is %08x, its parent says %08x", crc, pointer.crc32c()));
    }
    return decodeUnverified(from, pointer, salt);
  }

  /** As {@link #decode} for bytes whose checksum is not to be believed. */
  static TreeNode decodeUnverified(ByteBuffer from, ChildPointer pointer, long salt)
      throws TreeCorruptException {
    require(from.getInt(MAGIC_OFFSET), MAGIC, "magic", pointer);
    require(from.get(VERSION_OFFSET), VERSION, "version", pointer);
    require(from.getLong(ADDRESS_OFFSET), pointer.block(), "address", pointer);
    require(from.getLong(SALT_OFFSET), salt, "salt", pointer);
    require(from.getLong(BIRTH_OFFSET), pointer.birthGeneration(), "birth", pointer);
    int level = Byte.toUnsignedInt(from.get(LEVEL_OFFSET));
    int count = Short.toUnsignedInt(from.getShort(COUNT_OFFSET));
    from.position(HEADER_BYTES);
    try {
      return level == 0 ? leaf(from, count, pointer) : inner(from, level, count, pointer);
    } catch (BufferUnderflowException tooLong) {
      throw new TreeCorruptException(pointer.block(), "its " + count + " entries do not fit it");
    }
  }

  private static LeafNode leaf(ByteBuffer from, int count, ChildPointer pointer)
      throws TreeCorruptException {
    ByteBuffer entries = from.slice();
    char[] starts = new char[count + 1];
    for (int i = 0; i < count; i++) {
      if (starts[i] > entries.limit() - NodeFormat.LEAF_ENTRY_BYTES) {
        throw new BufferUnderflowException();
      }
      int end = NodeFormat.endOfLeafEntry(entries, starts[i]);
      if (end > entries.limit()) {
        throw new BufferUnderflowException();
      }
      starts[i + 1] = (char) end;
    }
    PackedLeaf leaf = new PackedLeaf(take(entries, starts[count]), starts);
    for (int i = 1; i < count; i++) {
      requireAscending(leaf.ascendsAt(i), i, pointer);
    }
    return leaf;
  }

  private static InnerNode inner(ByteBuffer from, int level, int count, ChildPointer pointer)
      throws TreeCorruptException {
    if (level > MAX_LEVEL || count == 0) {
      throw new TreeCorruptException(pointer.block(), "level " + level + ", children " + count);
    }
    byte[][] separators = new byte[count][];
    NodeReference[] children = new NodeReference[count];
    for (int i = 0; i < count; i++) {
      separators[i] = take(from, Short.toUnsignedInt(from.getShort()));
      ChildPointer child = takePointer(from);
      if (child == null) {
        throw new TreeCorruptException(pointer.block(), "child " + i + " has no address");
      }
      children[i] = NodeReference.onDisk(child);
      requireAscending(
          i == 0 || Arrays.compareUnsigned(separators[i - 1], separators[i]) < 0, i, pointer);
    }
    if (separators[0].length != 0) {
      throw new TreeCorruptException(pointer.block(), "its first separator is not empty");
    }
    return new InnerNode(level, separators, children, from.position() - HEADER_BYTES);
  }

  private static void putPointer(ByteBuffer into, ChildPointer pointer) {
    into.putLong(pointer.block()).putInt(pointer.crc32c()).putLong(pointer.birthGeneration());
  }

  private static @Nullable ChildPointer takePointer(ByteBuffer from) {
    long block = from.getLong();
    int crc = from.getInt();
    long birth = from.getLong();
    return block > 0 ? new ChildPointer(block, crc, birth) : null;
  }

  private static byte[] take(ByteBuffer from, int bytes) {
    if (bytes > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] taken = new byte[bytes];
    from.get(taken);
    return taken;
  }

  private static int crc(ByteBuffer node, int start) {
    CRC32C crc = new CRC32C();
    crc.update(node.duplicate().position(start).limit(start + NODE_BYTES));
    return (int) crc.getValue();
  }

  private static void require(long actual, long expected, String what, ChildPointer pointer)
      throws TreeCorruptException {
    if (actual != expected) {
      throw new TreeCorruptException(
          pointer.block(), String.format("%s is %x, expected %x", what, actual, expected));
    }
  }

  private static void requireAscending(boolean ascends, int index, ChildPointer pointer)
      throws TreeCorruptException {
    if (!ascends) {
      throw new TreeCorruptException(pointer.block(), "key " + index + " is out of order");
    }
  }
}
