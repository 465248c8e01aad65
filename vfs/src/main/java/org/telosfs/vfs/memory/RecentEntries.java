package org.telosfs.vfs.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that keep the answer to a stat: a bounded number, since the answer is larger than the
 * node. Numbers ascend, so those made together do not displace each other. Safe for any number of
 * threads.
 */
final class RecentEntries {
  private static final int MOST = 1 << 17;

  private final AtomicReferenceArray<@Nullable MemoryNode> nodes = new AtomicReferenceArray<>(MOST);

  /** The node has just made its entry; another may have to drop its own. */
  void add(MemoryNode node) {
    int at = slotOf(node);
    if (nodes.getPlain(at) == node) {
      return;
    }
    MemoryNode before = nodes.getAndSet(at, node);
    if (before != null && before != node) {
      before.dropCachedEntry();
    }
  }

  /** The node is gone. */
  void remove(MemoryNode node) {
    nodes.compareAndSet(slotOf(node), node, null);
  }

  private static int slotOf(MemoryNode node) {
    return (int) node.number.value() & (MOST - 1);
  }
}
