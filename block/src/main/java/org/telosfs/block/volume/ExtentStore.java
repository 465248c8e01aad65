package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;

/** Signature only. */
@SuppressWarnings("DoNotCallSuggester")
public final class ExtentStore {
  /** No wish where new blocks lie. */
  public static final long ANYWHERE = -1;

  ExtentStore() {}

  /** Fresh space, data written now, recorded in the transaction. */
  public List<StoredExtent> write(
      VolumeTransaction tx, Reservation from, long nearBlock, ByteBuffer wholeBlocks)
      throws IOException {
    throw new AssertionError();
  }

  /** Fresh space without content. */
  public List<DataExtent> allocateUnwritten(
      VolumeTransaction tx, Reservation from, long nearBlock, long blocks) throws IOException {
    throw new AssertionError();
  }

  /** First write into allocated space, in place. */
  public BlockChecksums writeInto(
      VolumeTransaction tx, DataExtent unwritten, ByteBuffer wholeBlocks) throws IOException {
    throw new AssertionError();
  }

  /** Verified. */
  public void read(DataExtent extent, BlockChecksums checksums, int firstBlock, ByteBuffer into)
      throws IOException {
    throw new AssertionError();
  }

  /** Reusable once the transaction's group is durable. */
  public void free(VolumeTransaction tx, DataExtent extent) {
    throw new AssertionError();
  }
}
