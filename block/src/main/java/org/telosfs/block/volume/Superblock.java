package org.telosfs.block.volume;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ChildPointer;

/** The state that a checkpoint left, from which everything else on the device is reached. */
record Superblock(
    UUID id,
    FeatureBits features,
    boolean clean,
    long deviceBytes,
    long generation,
    long journalStart,
    long journalBytes,
    long era,
    long position,
    long sequence,
    long freeBlocks,
    ChildPointer mapRoot,
    ChildPointer spaceRoot) {

  /** No counter comes near this in a device's life; beyond it sums might overflow. */
  private static final long MOST = Long.MAX_VALUE / 2;

  /** Stands in every node and every journal group, and in the checksum of every data block. */
  long salt() {
    return id.getMostSignificantBits() ^ id.getLeastSignificantBits();
  }

  /** Of a volume that holds nothing yet; its roots are replaced before it is ever written. */
  static Superblock unformatted(UUID id, long deviceBytes, long journalBytes) {
    ChildPointer none = new ChildPointer(SuperblockFormat.END_BLOCK, 0, 0);
    return new Superblock(
        id,
        FeatureBits.NONE,
        false,
        deviceBytes,
        0,
        SuperblockFormat.END_BLOCK * (long) BlockGeometry.BLOCK_BYTES,
        journalBytes,
        1,
        0,
        0,
        deviceBytes / BlockGeometry.BLOCK_BYTES,
        none,
        none);
  }

  /** The next one of the same volume. */
  Superblock next(
      long nextGeneration,
      boolean nextClean,
      long nextPosition,
      long nextSequence,
      long nextFreeBlocks,
      ChildPointer nextMapRoot,
      ChildPointer nextSpaceRoot) {
    return new Superblock(
        id,
        features.withCheckedData(!nextClean),
        nextClean,
        deviceBytes,
        nextGeneration,
        journalStart,
        journalBytes,
        era,
        nextPosition,
        nextSequence,
        nextFreeBlocks,
        nextMapRoot,
        nextSpaceRoot);
  }

  /** The same with the era that begins after it. */
  Superblock inNextEra() {
    return new Superblock(
        id,
        features,
        false,
        deviceBytes,
        generation,
        journalStart,
        journalBytes,
        generation + 1,
        position,
        sequence,
        freeBlocks,
        mapRoot,
        spaceRoot);
  }

  /** A block that starts with this superblock. */
  ByteBuffer encode() {
    ByteBuffer into = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    into.putLong(SuperblockFormat.MAGIC)
        .putInt(SuperblockFormat.VERSION)
        .putInt(clean ? SuperblockFormat.FLAG_CLEAN : 0)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .putLong(features.compatible())
        .putLong(features.readOnlyCompatible())
        .putLong(features.incompatible())
        .putLong(deviceBytes)
        .putInt(BlockGeometry.BLOCK_BYTES)
        .putInt(BTree.NODE_BYTES)
        .putLong(generation)
        .putLong(journalStart)
        .putLong(journalBytes)
        .putLong(era)
        .putLong(position)
        .putLong(sequence)
        .putLong(freeBlocks);
    put(into, mapRoot);
    put(into, spaceRoot);
    into.putInt(SuperblockFormat.CRC32C_OFFSET, crc32c(into));
    return into.rewind();
  }

  private static void put(ByteBuffer into, ChildPointer pointer) {
    into.putLong(pointer.block()).putInt(pointer.crc32c()).putLong(pointer.birthGeneration());
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), bytes.arrayOffset(), SuperblockFormat.CRC32C_OFFSET);
    return (int) crc.getValue();
  }

  /**
   * Reads and judges a copy.
   *
   * @param place what to call it in a message
   */
  static Superblock decode(ByteBuffer from, String place) throws VolumeFormatException {
    long magic = from.getLong(SuperblockFormat.MAGIC_OFFSET);
    if (magic != SuperblockFormat.MAGIC) {
      throw VolumeFormatException.notOurs(magic);
    }
    int stored = from.getInt(SuperblockFormat.CRC32C_OFFSET);
    int actual = crc32c(from);
    if (stored != actual) {
      throw VolumeFormatException.corrupt(
          place, String.format("CRC32C %08x", stored), String.format("%08x", actual));
    }
    int version = from.getInt(SuperblockFormat.VERSION_OFFSET);
    if (version > SuperblockFormat.VERSION) {
      throw VolumeFormatException.tooNew(version);
    }
    if (version < SuperblockFormat.VERSION) {
      throw VolumeFormatException.tooOld(version);
    }
    FeatureBits features =
        new FeatureBits(
            from.getLong(SuperblockFormat.COMPATIBLE_OFFSET),
            from.getLong(SuperblockFormat.READ_ONLY_COMPATIBLE_OFFSET),
            from.getLong(SuperblockFormat.INCOMPATIBLE_OFFSET));
    features.requireKnown();
    Superblock superblock =
        new Superblock(
            new UUID(
                from.getLong(SuperblockFormat.ID_OFFSET),
                from.getLong(SuperblockFormat.ID_OFFSET + Long.BYTES)),
            features,
            (from.getInt(SuperblockFormat.FLAGS_OFFSET) & SuperblockFormat.FLAG_CLEAN) != 0,
            from.getLong(SuperblockFormat.DEVICE_BYTES_OFFSET),
            from.getLong(SuperblockFormat.GENERATION_OFFSET),
            from.getLong(SuperblockFormat.JOURNAL_START_OFFSET),
            from.getLong(SuperblockFormat.JOURNAL_BYTES_OFFSET),
            from.getLong(SuperblockFormat.ERA_OFFSET),
            from.getLong(SuperblockFormat.POSITION_OFFSET),
            from.getLong(SuperblockFormat.SEQUENCE_OFFSET),
            from.getLong(SuperblockFormat.FREE_BLOCKS_OFFSET),
            pointer(from, SuperblockFormat.MAP_ROOT_OFFSET, place),
            pointer(from, SuperblockFormat.SPACE_ROOT_OFFSET, place));
    require(
        place, "block bytes", BlockGeometry.BLOCK_BYTES, from, SuperblockFormat.BLOCK_BYTES_OFFSET);
    require(place, "node bytes", BTree.NODE_BYTES, from, SuperblockFormat.NODE_BYTES_OFFSET);
    superblock.requireSane(place);
    return superblock;
  }

  private static void require(String place, String what, int expected, ByteBuffer from, int offset)
      throws VolumeFormatException {
    int actual = from.getInt(offset);
    if (actual != expected) {
      throw VolumeFormatException.corrupt(place + ", " + what, expected, actual);
    }
  }

  private static ChildPointer pointer(ByteBuffer from, int offset, String place)
      throws VolumeFormatException {
    long block = from.getLong(offset);
    if (block <= 0) {
      throw VolumeFormatException.corrupt(place + ", root", "a block address", block);
    }
    return new ChildPointer(
        block, from.getInt(offset + Long.BYTES), from.getLong(offset + Long.BYTES + Integer.BYTES));
  }

  long totalBlocks() {
    return deviceBytes / BlockGeometry.BLOCK_BYTES;
  }

  /** The first block that may hold data or nodes. */
  long firstDataBlock() {
    return (journalStart + journalBytes) / BlockGeometry.BLOCK_BYTES;
  }

  private void requireSane(String place) throws VolumeFormatException {
    boolean sane =
        generation > 0
            && era > 0
            && generation < MOST
            && era < MOST
            && position >= 0
            && position < MOST
            && position % BlockGeometry.BLOCK_BYTES == 0
            && sequence >= 0
            && sequence < MOST
            && deviceBytes > 0
            && journalStart == SuperblockFormat.END_BLOCK * (long) BlockGeometry.BLOCK_BYTES
            && journalBytes > 0
            && journalBytes % BlockGeometry.BLOCK_BYTES == 0
            && journalBytes < deviceBytes - journalStart
            && freeBlocks >= 0
            && freeBlocks <= totalBlocks() - firstDataBlock()
            && isNodePlace(mapRoot)
            && isNodePlace(spaceRoot);
    if (!sane) {
      throw VolumeFormatException.corrupt(place, "fields that fit each other", this);
    }
  }

  private boolean isNodePlace(ChildPointer pointer) {
    return pointer.block() >= firstDataBlock()
        && pointer.block() <= totalBlocks() - BTree.NODE_BYTES / BlockGeometry.BLOCK_BYTES;
  }
}
