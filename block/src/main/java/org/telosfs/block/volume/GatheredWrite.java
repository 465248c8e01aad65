package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DataExtent;

/**
 * Data of a transaction on its way to the device: blocks that come to lie side by side are written
 * together. Everything is written when {@link #flush} returns, which its owner calls before the
 * commit. Used by one thread.
 */
public final class GatheredWrite {
  private final ExtentStore store;
  private final VolumeTransaction tx;
  private final ByteBuffer room;
  private long firstBlock;

  GatheredWrite(ExtentStore store, VolumeTransaction tx, ByteBuffer room) {
    if (room.capacity() < BlockGeometry.BLOCK_BYTES) {
      throw new IllegalArgumentException("room of " + room.capacity() + " bytes");
    }
    this.store = store;
    this.tx = tx;
    this.room = room.clear();
  }

  /** As {@link ExtentStore#write}, of blocks that are a buffer each. */
  public List<StoredExtent> write(Reservation from, long nearBlock, List<byte[]> blocks)
      throws IOException {
    List<StoredExtent> stored = new ArrayList<>(1);
    int done = 0;
    for (DataExtent extent : store.allocateUnwritten(tx, from, nearBlock, blocks.size())) {
      List<byte[]> part = blocks.subList(done, done + extent.blocks());
      stored.add(new StoredExtent(extent, put(extent, part)));
      done += extent.blocks();
    }
    return stored;
  }

  /** As {@link ExtentStore#writeInto}, of blocks that are a buffer each. */
  public BlockChecksums writeInto(DataExtent unwritten, List<byte[]> blocks) throws IOException {
    store.requireUnwritten(tx, unwritten, blocks.size());
    return put(unwritten, blocks);
  }

  private BlockChecksums put(DataExtent extent, List<byte[]> blocks) throws IOException {
    int[] checksums = new int[blocks.size()];
    BlockCrc crc = store.crc();
    for (int i = 0; i < checksums.length; i++) {
      long block = extent.startBlock() + i;
      byte[] content = blocks.get(i);
      checksums[i] = crc.of(block, content);
      if (!room.hasRemaining() || block != firstBlock + blocksInRoom()) {
        flush();
      }
      if (room.position() == 0) {
        firstBlock = block;
      }
      room.put(content);
    }
    BlockChecksums written = BlockChecksums.of(checksums);
    tx.wrote(extent.startBlock(), written);
    return written;
  }

  private long blocksInRoom() {
    return room.position() / BlockGeometry.BLOCK_BYTES;
  }

  /** Hands what is left to the device. */
  public void flush() throws IOException {
    if (room.position() > 0) {
      store.writeBlocks(firstBlock, room.flip());
      room.clear();
    }
  }
}
