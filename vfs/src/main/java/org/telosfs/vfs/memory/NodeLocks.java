package org.telosfs.vfs.memory;

import org.jspecify.annotations.Nullable;

/** Write locks on several nodes, taken by ascending inode number and each once. */
final class NodeLocks implements AutoCloseable {
  private final @Nullable MemoryNode[] nodes;
  private final long[] stamps;

  private NodeLocks(@Nullable MemoryNode[] sorted) {
    nodes = sorted;
    stamps = new long[sorted.length];
    MemoryNode previous = null;
    for (int i = 0; i < sorted.length; i++) {
      MemoryNode node = sorted[i];
      if (node != null && node != previous) {
        stamps[i] = node.lock.writeLock();
        previous = node;
      }
    }
  }

  /** Waits for all; nulls are left out. */
  static NodeLocks write(@Nullable MemoryNode... nodes) {
    for (int i = 1; i < nodes.length; i++) {
      MemoryNode node = nodes[i];
      int at = i;
      while (at > 0 && number(nodes[at - 1]) > number(node)) {
        nodes[at] = nodes[at - 1];
        at--;
      }
      nodes[at] = node;
    }
    return new NodeLocks(nodes);
  }

  /** Nulls come first; numbers count up from 1. */
  private static long number(@Nullable MemoryNode node) {
    return node == null ? 0 : node.number.value();
  }

  @Override
  public void close() {
    for (int i = nodes.length - 1; i >= 0; i--) {
      MemoryNode node = nodes[i];
      if (node != null && stamps[i] != 0) {
        node.lock.unlockWrite(stamps[i]);
      }
    }
  }
}
