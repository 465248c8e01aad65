package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.tree.NodeStorage;

/** Nodes in the blocks of a volume. */
record VolumeNodes(BlockDevice device, long salt, long firstBlock, long totalBlocks)
    implements NodeStorage {

  @Override
  public int blockBytes() {
    return BlockGeometry.BLOCK_BYTES;
  }

  @Override
  public void read(long block, ByteBuffer into) throws IOException {
    // The address comes from a node whose maker may have chosen it.
    if (block < firstBlock || block > totalBlocks - BlockGeometry.blocksFor(into.remaining())) {
      throw VolumeFormatException.corrupt(
          "pointer to a tree node", "a block in " + firstBlock + ".." + (totalBlocks - 1), block);
    }
    device.read(block * BlockGeometry.BLOCK_BYTES, into);
  }

  @Override
  public void write(long block, ByteBuffer from) throws IOException {
    device.write(block * BlockGeometry.BLOCK_BYTES, from);
  }
}
