package org.telosfs.block.tree;

/**
 * Where a node lies on disk, and how to know it again.
 *
 * @param block address in blocks, not 0
 * @param crc32c of the node's bytes
 * @param birthGeneration the checkpoint generation that wrote it
 */
public record ChildPointer(long block, int crc32c, long birthGeneration) {
  public ChildPointer {
    if (block <= 0) {
      throw new IllegalArgumentException("block=" + block);
    }
  }
}
