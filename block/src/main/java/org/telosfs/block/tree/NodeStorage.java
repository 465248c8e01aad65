package org.telosfs.block.tree;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where nodes lie: whole blocks by address. What is written is volatile until the owner flushes.
 */
public interface NodeStorage {
  /** Bytes of one block; divides {@link BTree#NODE_BYTES}. */
  int blockBytes();

  /** A number of this volume that stands in each of its nodes. */
  long salt();

  /** Fills {@code into} from the given block on. */
  void read(long block, ByteBuffer into) throws IOException;

  /** Writes all of {@code from}, one or more whole nodes, from the given block on. */
  void write(long block, ByteBuffer from) throws IOException;
}
