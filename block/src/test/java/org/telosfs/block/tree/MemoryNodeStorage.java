package org.telosfs.block.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes in a map, with a trivial allocator; counts its use. */
final class MemoryNodeStorage implements NodeStorage {
  static final long SALT = 0x5A17L;
  static final int BLOCKS_PER_NODE = BTree.NODE_BYTES / 4096;

  final Map<Long, byte[]> nodes = new HashMap<>();
  private long next = BLOCKS_PER_NODE;

  List<Long> allocate(int count) {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(next);
      next += BLOCKS_PER_NODE;
    }
    return blocks;
  }

  @Override
  public int blockBytes() {
    return 4096;
  }

  @Override
  public long salt() {
    return SALT;
  }

  @Override
  public void read(long block, ByteBuffer into) throws IOException {
    byte[] node = nodes.get(block);
    if (node == null) {
      throw new IOException("nothing at block " + block);
    }
    into.put(node);
  }

  @Override
  public void write(long block, ByteBuffer from) {
    for (long at = block; from.hasRemaining(); at += BLOCKS_PER_NODE) {
      byte[] node = new byte[BTree.NODE_BYTES];
      from.get(node);
      nodes.put(at, node);
    }
  }
}
