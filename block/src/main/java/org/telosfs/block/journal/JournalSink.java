package org.telosfs.block.journal;

import org.telosfs.block.BlockChecksums;

/** Takes the records of groups in their order, to write them or to make them happen again. */
public interface JournalSink {
  /** The key has this value from now on. */
  void put(byte[] key, byte[] value);

  /** The key has no value from now on. */
  void delete(byte[] key);

  /** These blocks came into use. */
  void allocate(long startBlock, int blocks);

  /** These blocks went out of use. */
  void free(long startBlock, int blocks);

  /** These blocks were written without a flush before the group, which counts only with them. */
  void check(long startBlock, BlockChecksums checksums);
}
