package org.telosfs.block.volume;

/**
 * How an open volume behaves; nothing of it is on disk.
 *
 * @param cachedNodes clean tree nodes of 16 KiB kept in memory
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

  /** For use: up to 64 MiB of clean nodes, a checkpoint when 16 MiB have changed. */
  public static VolumeConfig defaults() {
    return new VolumeConfig(4096, 1024, true);
  }

  /** For tests: no threads, the same writes in the same order each time. */
  public static VolumeConfig deterministic() {
    return new VolumeConfig(256, 1024, false);
  }
}
