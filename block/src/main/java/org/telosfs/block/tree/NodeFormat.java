package org.telosfs.block.tree;

import java.nio.ByteBuffer;

/**
 * A node on disk, version 1, big-endian, {@value #NODE_BYTES} bytes, unused bytes zero.
 *
 * <pre>
 * offset size field
 *      0    4 magic "TNOD"
 *      4    1 version
 *      5    1 level: 0 for a leaf, else 1 + the level of its children
 *      6    2 count: entries of a leaf, children of an inner node
 *      8    8 address of this node in blocks, against misdirected writes
 *     16    8 salt of the volume, against nodes of another volume
 *     24    8 birth: the checkpoint generation that wrote it
 *     32      body
 * body of a leaf, count times:  2 key bytes | 2 value bytes | key | value       keys ascend
 * body of an inner node:        2 key bytes | key | 8 address | 4 crc32c | 8 birth, count times;
 *                               the first key is empty; key i separates child i-1 (less) from child i
 * </pre>
 *
 * The CRC32C of all {@value #NODE_BYTES} bytes stands in the parent's pointer.
 */
final class NodeFormat {
  static final int NODE_BYTES = 16 * 1024;
  static final int MAGIC = 0x544E4F44;
  static final int VERSION = 1;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  static final int LEVEL_OFFSET = VERSION_OFFSET + Byte.BYTES;
  static final int COUNT_OFFSET = LEVEL_OFFSET + Byte.BYTES;
  static final int ADDRESS_OFFSET = COUNT_OFFSET + Short.BYTES;
  static final int SALT_OFFSET = ADDRESS_OFFSET + Long.BYTES;
  static final int BIRTH_OFFSET = SALT_OFFSET + Long.BYTES;
  static final int HEADER_BYTES = BIRTH_OFFSET + Long.BYTES;

  /** What keys and values of one node may take. */
  static final int BODY_BYTES = NODE_BYTES - HEADER_BYTES;

  static final int LEAF_ENTRY_BYTES = 2 * Short.BYTES;
  static final int POINTER_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
  static final int INNER_ENTRY_BYTES = Short.BYTES + POINTER_BYTES;

  /** A tree of this height holds more than any device; a taller one is a cycle. */
  static final int MAX_LEVEL = 30;

  private NodeFormat() {}

  /** Where the entry of a leaf ends that begins at an offset in {@code body}. */
  static int endOfLeafEntry(ByteBuffer body, int start) {
    return start
        + LEAF_ENTRY_BYTES
        + Short.toUnsignedInt(body.getShort(start))
        + Short.toUnsignedInt(body.getShort(start + Short.BYTES));
  }

  static int leafEntryBytes(byte[] key, byte[] value) {
    return LEAF_ENTRY_BYTES + key.length + value.length;
  }

  static int innerEntryBytes(byte[] separator) {
    return INNER_ENTRY_BYTES + separator.length;
  }
}
