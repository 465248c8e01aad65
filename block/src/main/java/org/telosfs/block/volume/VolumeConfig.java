package org.telosfs.block.volume;

import org.telosfs.block.tree.BTree;

/**
 * How an open volume behaves; nothing of it is on disk.
 *
 * @param cachedNodes of 16 KiB: clean tree nodes kept in memory may have as many bytes
 * @param dirtyNodes changed tree nodes that call for a checkpoint
 * @param backgroundCheckpoints a thread of its own makes checkpoints; without it no thread exists
 *     and checkpoints happen only when asked for or when nothing else helps
 */
public record VolumeConfig(int cachedNodes, int dirtyNodes, boolean backgroundCheckpoints) {
  public VolumeConfig {
    if (cachedNodes < 1 || dirtyNodes < 16) {
      throw new IllegalArgumentException(
          "cachedNodes=" + cachedNodes + " dirtyNodes=" + dirtyNodes);
    }
  }

  /** Clean nodes take up to a quarter of the heap. */
  private static final long HEAP_BYTES_FOR_A_NODE = 4L * BTree.NODE_BYTES;

  /** For use: clean nodes as the heap allows, a checkpoint when 16 MiB have changed. */
  public static VolumeConfig defaults() {
    long nodes = Runtime.getRuntime().maxMemory() / HEAP_BYTES_FOR_A_NODE;
    return new VolumeConfig((int) Math.min(1 << 20, Math.max(256, nodes)), 1024, true);
  }

  /** For tests: no threads, the same writes in the same order each time. */
  public static VolumeConfig deterministic() {
    return new VolumeConfig(256, 1024, false);
  }
}
