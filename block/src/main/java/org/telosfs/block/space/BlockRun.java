package org.telosfs.block.space;

/**
 * Blocks side by side.
 *
 * @param start address of the first
 * @param blocks how many, 1 or more
 */
public record BlockRun(long start, int blocks) {
  public BlockRun {
    if (start < 0 || blocks < 1) {
      throw new IllegalArgumentException("start=" + start + " blocks=" + blocks);
    }
  }

  /** Address of the first block after the run. */
  public long end() {
    return start + blocks;
  }
}
