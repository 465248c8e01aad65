package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DataExtent;
import org.telosfs.block.space.BlockRun;

/**
 * Data blocks. Data is written at once, but into blocks that no committed state refers to; the
 * transaction that points to them is journalled after a flush of the data, or with its checksums.
 * Safe for threads, one transaction being used by one thread at a time.
 */
public final class ExtentStore {
  /** No wish where new blocks lie. */
  public static final long ANYWHERE = -1;

  /** Read, then verified, while they are still in the processor's cache. */
  private static final int BLOCKS_AT_ONCE = 64;

  private final BlockDevice device;
  private final long salt;
  private final long firstBlock;
  private final long totalBlocks;
  private final LongSupplier birthGeneration;

  ExtentStore(BlockDevice device, Superblock superblock, LongSupplier birthGeneration) {
    this.device = device;
    this.salt = superblock.salt();
    this.firstBlock = superblock.firstDataBlock();
    this.totalBlocks = superblock.totalBlocks();
    this.birthGeneration = birthGeneration;
  }

  /**
   * Writes data into fresh space, which the transaction then owns: it is in use once the
   * transaction commits and free again if it does not.
   *
   * @param from gives the space
   * @param nearBlock where it should lie, or {@link #ANYWHERE}
   * @return in the order of the data; one extent, or a few when free space is fragmented
   * @throws IllegalArgumentException if {@code from} has fewer blocks
   */
  public List<StoredExtent> write(
      VolumeTransaction tx, Reservation from, long nearBlock, ByteBuffer wholeBlocks)
      throws IOException {
    int blocks = BlockGeometry.wholeBlocks(wholeBlocks);
    List<StoredExtent> stored = new ArrayList<>(1);
    for (DataExtent extent : allocateUnwritten(tx, from, nearBlock, blocks)) {
      ByteBuffer part = wholeBlocks.slice(wholeBlocks.position(), bytes(extent.blocks()));
      stored.add(new StoredExtent(extent, put(tx, extent, part)));
      wholeBlocks.position(wholeBlocks.position() + part.limit());
    }
    return stored;
  }

  /**
   * Takes fresh space without writing it; its content is undefined.
   *
   * @throws IllegalArgumentException if {@code from} has fewer blocks
   */
  public List<DataExtent> allocateUnwritten(
      VolumeTransaction tx, Reservation from, long nearBlock, long blocks) throws IOException {
    tx.requireOpen();
    List<DataExtent> extents = new ArrayList<>(1);
    if (blocks == 0) {
      return extents;
    }
    for (BlockRun run : from.allocate(blocks, nearBlock)) {
      tx.allocated(run, from);
      extents.add(new DataExtent(run.start(), run.blocks(), birthGeneration.getAsLong()));
    }
    return extents;
  }

  /**
   * Writes allocated blocks for the first time, in place, which is safe as long as no durable state
   * refers to their content; the transaction should note the checksums.
   *
   * @param unwritten just the blocks that are written
   */
  public BlockChecksums writeInto(
      VolumeTransaction tx, DataExtent unwritten, ByteBuffer wholeBlocks) throws IOException {
    requireUnwritten(tx, unwritten, BlockGeometry.wholeBlocks(wholeBlocks));
    return put(tx, unwritten, wholeBlocks);
  }

  void requireUnwritten(VolumeTransaction tx, DataExtent unwritten, int blocks) throws IOException {
    tx.requireOpen();
    if (blocks != unwritten.blocks()) {
      throw new IllegalArgumentException(blocks + " blocks for " + unwritten);
    }
    requireInside(unwritten);
  }

  /**
   * Writes of a transaction that are gathered.
   *
   * @param room for what is on its way, a direct buffer that nobody else uses meanwhile
   */
  public GatheredWrite gather(VolumeTransaction tx, ByteBuffer room) {
    return new GatheredWrite(this, tx, room);
  }

  BlockCrc crc() {
    return new BlockCrc(salt);
  }

  void writeBlocks(long block, ByteBuffer data) throws IOException {
    device.write(offset(block), data);
  }

  private BlockChecksums put(VolumeTransaction tx, DataExtent extent, ByteBuffer data)
      throws IOException {
    int[] checksums = new int[extent.blocks()];
    BlockCrc crc = new BlockCrc(salt);
    ByteBuffer walk = data.duplicate();
    for (int i = 0; i < checksums.length; i++) {
      checksums[i] = crc.next(extent.startBlock() + i, walk);
    }
    device.write(offset(extent.startBlock()), data);
    BlockChecksums written = BlockChecksums.of(checksums);
    tx.wrote(extent.startBlock(), written);
    return written;
  }

  /**
   * Reads blocks of an extent and verifies them.
   *
   * @param checksums of the whole extent
   * @param firstBlock the first block to read, counted within the extent
   * @param into takes as many blocks as remain in it
   * @throws ChecksumException naming the first block that is damaged
   */
  public void read(DataExtent extent, BlockChecksums checksums, int firstBlock, ByteBuffer into)
      throws IOException {
    int blocks = BlockGeometry.wholeBlocks(into);
    if (checksums.blocks() != extent.blocks()) {
      throw new IllegalArgumentException(extent + " with " + checksums);
    }
    if (blocks == 0) {
      return;
    }
    DataExtent part = extent.part(firstBlock, blocks);
    requireInside(part);
    ByteBuffer walk = into.duplicate();
    BlockCrc crc = new BlockCrc(salt);
    int limit = into.limit();
    for (int i = 0; i < blocks; i++) {
      if (i % BLOCKS_AT_ONCE == 0) {
        into.limit(into.position() + bytes(Math.min(BLOCKS_AT_ONCE, blocks - i)));
        device.read(offset(part.startBlock() + i), into);
      }
      int expected = checksums.at(firstBlock + i);
      int actual = crc.next(part.startBlock() + i, walk);
      if (actual != expected) {
        throw new ChecksumException(part.startBlock() + i, expected, actual);
      }
    }
    into.limit(limit);
  }

  /**
   * Gives up an extent or a part of one. Its blocks may be used again only when the group of the
   * transaction is durable.
   */
  public void free(VolumeTransaction tx, DataExtent extent) throws IOException {
    tx.requireOpen();
    requireInside(extent);
    tx.freed(new BlockRun(extent.startBlock(), extent.blocks()));
  }

  /** An extent comes from the map, whose content the device's maker may have chosen. */
  private void requireInside(DataExtent extent) throws IOException {
    if (extent.startBlock() < firstBlock || extent.endBlock() > totalBlocks) {
      throw VolumeFormatException.corrupt(
          "extent at block " + extent.startBlock(),
          "blocks " + firstBlock + ".." + (totalBlocks - 1),
          extent);
    }
  }

  private static long offset(long block) {
    return block * BlockGeometry.BLOCK_BYTES;
  }

  private static int bytes(int blocks) {
    return Math.multiplyExact(blocks, BlockGeometry.BLOCK_BYTES);
  }
}
