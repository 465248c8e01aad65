package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Write locks on several nodes, taken by ascending inode number and each once. */
final class NodeLocks implements AutoCloseable {
  private static final Comparator<MemoryNode> ORDER =
      Comparator.comparingLong(node -> node.number.value());

  private final MemoryNode[] nodes;
  private final long[] stamps;

  private NodeLocks(MemoryNode[] nodes) {
    this.nodes = nodes;
    this.stamps = new long[nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      stamps[i] = nodes[i].lock.writeLock();
    }
  }

  /** Waits for all; nulls are left out. */
  static NodeLocks write(@Nullable MemoryNode... nodes) {
    return new NodeLocks(
        Arrays.stream(nodes)
            .filter(Objects::nonNull)
            .sorted(ORDER)
            .distinct()
            .toArray(MemoryNode[]::new));
  }

  @Override
  public void close() {
    for (int i = nodes.length - 1; i >= 0; i--) {
      nodes[i].lock.unlockWrite(stamps[i]);
    }
  }
}
