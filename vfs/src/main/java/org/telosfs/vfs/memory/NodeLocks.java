package org.telosfs.vfs.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Write locks on several nodes, taken in the order of the locks and each once. */
final class NodeLocks implements AutoCloseable {
  private final NodeTable nodes;

  /** Records in the order of their locks; {@link RecordPool#NONE} for those left out. */
  private final int[] records;

  private final long[] stamps;

  private NodeLocks(NodeTable nodes, int[] records) {
    this.nodes = nodes;
    this.records = records;
    stamps = new long[records.length];
    int previous = -1;
    for (int i = 0; i < records.length; i++) {
      int lock = NodeTable.lockIndex(records[i]);
      if (records[i] != RecordPool.NONE && lock != previous) {
        stamps[i] = nodes.lockOf(records[i]).writeLock();
        previous = lock;
      }
    }
  }

  /** Waits for all; nulls are left out. */
  static NodeLocks write(NodeTable nodes, @Nullable MemoryNode... wanted) {
    int[] records = new int[wanted.length];
    for (int i = 0; i < records.length; i++) {
      MemoryNode node = wanted[i];
      int record = node == null ? RecordPool.NONE : node.record;
      int at = i;
      while (at > 0 && NodeTable.lockIndex(records[at - 1]) > NodeTable.lockIndex(record)) {
        records[at] = records[at - 1];
        at--;
      }
      records[at] = record;
    }
    return new NodeLocks(nodes, records);
  }

  @Override
  public void close() {
    for (int i = records.length - 1; i >= 0; i--) {
      if (stamps[i] != 0) {
        nodes.lockOf(records[i]).unlockWrite(stamps[i]);
      }
    }
    Arrays.fill(stamps, 0);
  }
}
