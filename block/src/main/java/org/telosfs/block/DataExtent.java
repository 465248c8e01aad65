package org.telosfs.block;

/**
 * Blocks of data side by side on the device.
 *
 * @param startBlock address of the first, not 0
 * @param blocks how many, 1 or more
 * @param birthGeneration the first checkpoint generation that can hold them, the base of snapshots
 */
public record DataExtent(long startBlock, int blocks, long birthGeneration) {
  public DataExtent {
    if (startBlock <= 0 || blocks < 1 || birthGeneration < 0) {
      throw new IllegalArgumentException(
          "startBlock=" + startBlock + " blocks=" + blocks + " birth=" + birthGeneration);
    }
  }

  /** Address of the first block after it. */
  public long endBlock() {
    return startBlock + blocks;
  }

  /** {@code count} of its blocks, from {@code firstBlock} counted within it. */
  public DataExtent part(int firstBlock, int count) {
    if (firstBlock < 0 || count < 1 || firstBlock > blocks - count) {
      throw new IllegalArgumentException(count + " blocks from " + firstBlock + " of " + this);
    }
    return new DataExtent(startBlock + firstBlock, count, birthGeneration);
  }
}
