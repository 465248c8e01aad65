package org.telosfs.block.journal;

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
}
