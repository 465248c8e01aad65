package org.telosfs.block.tree;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A leaf as it lies on disk, in one array: read at the cost of a copy, kept in a third of the
 * memory that arrays of its keys and values take, and no work for the collector.
 */
final class PackedLeaf implements LeafNode {
  private final byte[] body;

  /** Where each entry begins, and where the last one ends. */
  private final char[] starts;

  /**
   * A leaf of encoded entries.
   *
   * @param starts where each entry begins in {@code body}, and the end of the last one
   */
  PackedLeaf(byte[] body, char[] starts) {
    this.body = body;
    this.starts = starts;
  }

  /** Packs a leaf whose body has been encoded. */
  static PackedLeaf of(LeafNode leaf, byte[] body) {
    char[] starts = new char[leaf.count() + 1];
    ByteBuffer entries = ByteBuffer.wrap(body);
    for (int i = 0; i < leaf.count(); i++) {
      starts[i + 1] = (char) NodeFormat.endOfLeafEntry(entries, starts[i]);
    }
    return new PackedLeaf(body, starts);
  }

  private int keyStart(int index) {
    return starts[index] + NodeFormat.LEAF_ENTRY_BYTES;
  }

  private int keyEnd(int index) {
    int at = starts[index];
    return keyStart(index) + ((body[at] & 0xFF) << Byte.SIZE | (body[at + 1] & 0xFF));
  }

  @Override
  public byte[] key(int index) {
    return Arrays.copyOfRange(body, keyStart(index), keyEnd(index));
  }

  @Override
  public byte[] value(int index) {
    return Arrays.copyOfRange(body, keyEnd(index), starts[index + 1]);
  }

  @Override
  public int floorIndex(byte[] key) {
    int low = 0;
    int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(body, keyStart(middle), keyEnd(middle), key, 0, key.length);
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

  @Override
  public boolean isAt(int index, byte[] key) {
    return index >= 0 && Arrays.equals(body, keyStart(index), keyEnd(index), key, 0, key.length);
  }

  /** Whether the key at an index is greater than the one before it. */
  boolean ascendsAt(int index) {
    return Arrays.compareUnsigned(
            body, keyStart(index - 1), keyEnd(index - 1), body, keyStart(index), keyEnd(index))
        < 0;
  }

  @Override
  public LooseLeaf loose() {
    byte[][] keys = new byte[count()][];
    byte[][] values = new byte[count()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(i);
      values[i] = value(i);
    }
    return new LooseLeaf(keys, values, body.length);
  }

  void putInto(ByteBuffer into) {
    into.put(body);
  }

  @Override
  public int count() {
    return starts.length - 1;
  }

  @Override
  public int bodyBytes() {
    return body.length;
  }
}
