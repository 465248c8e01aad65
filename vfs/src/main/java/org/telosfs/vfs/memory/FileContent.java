package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.SeekTarget;

/**
 * The bytes of a regular file, in blocks of 4 KiB. A block is data if it was written or allocated
 * since it was last punched or cut off, else a hole. All bytes beyond the end are zeros. A view of
 * what its node keeps, guarded by the node's lock; a change that is refused has changed nothing.
 */
final class FileContent {
  /** The largest file; its last block lacks a byte. */
  static final long MAX_BYTES = Long.MAX_VALUE;

  static final int SECTORS_PER_BLOCK = MemorySpace.BLOCK_BYTES / 512;

  private static final int BLOCK_SHIFT = MemorySpace.BLOCK_SHIFT;
  private static final int BLOCK_BYTES = MemorySpace.BLOCK_BYTES;
  private static final int COPIED_AT_ONCE = 64 << 10;
  private static final byte[] ZEROS = new byte[64 << 10];
  private static final ByteBuffer LENT_ZEROS = ByteBuffer.allocateDirect(64 << 10);

  private final MemorySpace space;
  private final MemoryNode node;
  private final RecordPool records;
  private final IntTree blocks;

  FileContent(MemorySpace space, MemoryNode node) {
    this.space = space;
    this.node = node;
    this.records = space.blocks();
    this.blocks = node.blocks(space.treeNodes());
  }

  long sizeBytes() {
    return node.sizeBytes();
  }

  long blocks512() {
    return (long) node.dataBlocks() * SECTORS_PER_BLOCK;
  }

  int read(long offsetBytes, ByteBuffer into) {
    long left = Math.min(into.remaining(), sizeBytes() - offsetBytes);
    if (left <= 0) {
      return 0;
    }
    long end = offsetBytes + left;
    long at = offsetBytes;
    while (at < end) {
      long block = at >> BLOCK_SHIFT;
      int record = blocks.get(block);
      if (record == RecordPool.NONE) {
        long next = blocks.nextFrom(block);
        int holeBytes = (int) (Math.min(end, offsetOf(next)) - at);
        putZeros(holeBytes, into);
        at += holeBytes;
      } else {
        int length = runFrom(record, block, at, end);
        into.put(into.position(), records.slabOf(record), placeOf(record, at), length);
        into.position(into.position() + length);
        at += length;
      }
    }
    return (int) left;
  }

  /** Adds what {@link #read} would find to {@code pieces}. */
  void lend(long offsetBytes, int bytes, ContentPieces pieces) {
    long end = offsetBytes + Math.min(bytes, sizeBytes() - offsetBytes);
    long at = offsetBytes;
    while (at < end) {
      long block = at >> BLOCK_SHIFT;
      int record = blocks.get(block);
      int length;
      if (record == RecordPool.NONE) {
        long next = offsetOf(blocks.nextFrom(block));
        length = (int) Math.min(Math.min(end, next) - at, LENT_ZEROS.capacity());
        pieces.add(LENT_ZEROS, 0, length);
      } else {
        length = runFrom(record, block, at, end);
        pieces.add(records.slabOf(record), placeOf(record, at), length);
      }
      at += length;
    }
  }

  void write(long offsetBytes, ByteBuffer data) throws FsException {
    long end = endOf(offsetBytes, data.remaining());
    new Filling(offsetBytes, end).fill(offsetBytes, end);
    put(offsetBytes, end, data);
  }

  void resize(long newSizeBytes) throws FsException {
    endOf(0, newSizeBytes);
    if (newSizeBytes <= sizeBytes()) {
      long firstUnused = blocksFor(newSizeBytes);
      zero(newSizeBytes, offsetOf(firstUnused));
      drop(firstUnused, IntTree.NONE);
    }
    node.setSizeBytes(newSizeBytes);
  }

  /** Frees everything; nothing may follow. */
  void free() {
    drop(0, IntTree.NONE);
  }

  void allocate(AllocateMode mode, long offsetBytes, long lengthBytes) throws FsException {
    long end = endOf(offsetBytes, lengthBytes);
    switch (mode) {
      case ALLOCATE -> {
        reserve(offsetBytes, end);
        extendTo(end);
      }
      case ALLOCATE_KEEP_SIZE -> reserve(offsetBytes, end);
      case PUNCH_HOLE -> punch(offsetBytes, end);
      case ZERO_RANGE -> {
        reserve(offsetBytes, end);
        zero(offsetBytes, end);
        extendTo(end);
      }
      case ZERO_RANGE_KEEP_SIZE -> {
        reserve(offsetBytes, end);
        zero(offsetBytes, end);
      }
    }
  }

  long seek(long offsetBytes, SeekTarget target) throws FsException {
    if (offsetBytes < 0 || offsetBytes >= sizeBytes()) {
      throw new FsException(Errno.ENXIO);
    }
    long block = offsetBytes >> BLOCK_SHIFT;
    return switch (target) {
      case DATA -> {
        long found = Math.max(offsetBytes, offsetOf(blocks.nextFrom(block)));
        if (found >= sizeBytes()) {
          throw new FsException(Errno.ENXIO);
        }
        yield found;
      }
      case HOLE -> Math.min(sizeBytes(), Math.max(offsetBytes, offsetOf(nextHole(block))));
    };
  }

  /** Copies what the source has of the range into {@code to}; how much that was. */
  long copyTo(FileContent to, long fromOffsetBytes, long toOffsetBytes, long lengthBytes)
      throws FsException {
    long length = Math.min(lengthBytes, sizeBytes() - fromOffsetBytes);
    if (length <= 0) {
      return 0;
    }
    long end = to.endOf(toOffsetBytes, length);
    List<long[]> holes = holesToCopy(to, fromOffsetBytes, toOffsetBytes, length);
    Filling filling = to.new Filling(toOffsetBytes, end);
    long at = toOffsetBytes;
    for (long[] hole : holes) {
      filling.fill(at, hole[0]);
      at = hole[1];
    }
    filling.fill(at, end);
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(length, COPIED_AT_ONCE));
    at = toOffsetBytes;
    for (long[] hole : holes) {
      copyBytes(to, fromOffsetBytes - toOffsetBytes, at, hole[0], piece);
      to.drop(hole[0] >> BLOCK_SHIFT, blocksFor(hole[1]));
      at = hole[1];
    }
    copyBytes(to, fromOffsetBytes - toOffsetBytes, at, end, piece);
    to.extendTo(end);
    return length;
  }

  private void copyBytes(FileContent to, long shift, long from, long end, ByteBuffer piece) {
    for (long at = from; at < end; at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), end - at));
      read(at + shift, piece);
      piece.flip();
      to.put(at, at + piece.limit(), piece);
    }
  }

  /**
   * Where the target of a copy becomes a hole, in ascending ranges: each whole block that is one in
   * the source and lies on the same boundaries there. A block that the end of the target cuts off
   * counts as whole.
   */
  private List<long[]> holesToCopy(FileContent to, long from, long toOffset, long length) {
    List<long[]> holes = new ArrayList<>();
    long shift = from - toOffset;
    if ((shift & (BLOCK_BYTES - 1)) != 0) {
      return holes;
    }
    long end = toOffset + length;
    long endWhole = end >= to.sizeBytes() ? end : end & -BLOCK_BYTES;
    long at = offsetOf(blocksFor(toOffset));
    while (at < endWhole) {
      long hole = offsetOf(nextHole((at + shift) >> BLOCK_SHIFT)) - shift;
      long data = offsetOf(blocks.nextFrom((hole + shift) >> BLOCK_SHIFT));
      long holeEnd = data == MAX_BYTES ? endWhole : Math.min(endWhole, data - shift);
      if (hole < holeEnd) {
        holes.add(new long[] {hole, holeEnd});
      }
      at = Math.max(holeEnd, hole);
    }
    return holes;
  }

  /** All blocks of the range are data. */
  private void put(long offsetBytes, long end, ByteBuffer data) {
    long at = offsetBytes;
    while (at < end) {
      long block = at >> BLOCK_SHIFT;
      int record = blocks.get(block);
      int length = runFrom(record, block, at, end);
      records.slabOf(record).put(placeOf(record, at), data, data.position(), length);
      data.position(data.position() + length);
      at += length;
    }
    extendTo(end);
  }

  /** How many bytes from {@code at} on lie one behind the other, the end being {@code end}. */
  private int runFrom(int record, long block, long at, long end) {
    int last = record;
    long lastBlock = block;
    while (offsetOf(lastBlock + 1) < end) {
      int next = blocks.get(lastBlock + 1);
      if (!records.isFollowedBy(last, next)) {
        break;
      }
      last = next;
      lastBlock++;
    }
    return (int) (Math.min(end, offsetOf(lastBlock + 1)) - at);
  }

  private int placeOf(int record, long offsetBytes) {
    return records.offsetOf(record) + withinBlock(offsetBytes);
  }

  private void extendTo(long end) {
    if (end > sizeBytes()) {
      node.setSizeBytes(end);
    }
  }

  private void punch(long from, long to) {
    long firstWhole = blocksFor(from);
    long endWhole = to >> BLOCK_SHIFT;
    if (firstWhole >= endWhole) {
      zero(from, to);
      return;
    }
    zero(from, firstWhole << BLOCK_SHIFT);
    zero(endWhole << BLOCK_SHIFT, to);
    drop(firstWhole, endWhole);
  }

  /** Makes every block of the byte range data, the new ones zeros. */
  private void reserve(long from, long to) throws FsException {
    new Filling(0, 0).fill(from, to);
  }

  private void drop(long firstBlock, long endBlock) {
    int dropped = 0;
    for (long block = blocks.nextFrom(firstBlock);
        block < endBlock;
        block = blocks.nextFrom(block + 1)) {
      records.giveBack(blocks.get(block));
      blocks.clear(block);
      dropped++;
    }
    keep(-dropped);
    space.releaseBlocks(dropped);
  }

  private void keep(int moreBlocks) {
    node.setBlocks(blocks, node.dataBlocks() + moreBlocks);
  }

  private void zero(long from, long to) {
    long block = blocks.nextFrom(from >> BLOCK_SHIFT);
    while (offsetOf(block) < to) {
      long at = Math.max(from, offsetOf(block));
      int length = (int) (Math.min(to, offsetOf(block + 1)) - at);
      int record = blocks.get(block);
      records.slabOf(record).put(placeOf(record, at), ZEROS, 0, length);
      block = blocks.nextFrom(block + 1);
    }
  }

  private static void putZeros(int length, ByteBuffer into) {
    for (int left = length; left > 0; left -= ZEROS.length) {
      into.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  private long nextHole(long block) {
    long at = block;
    while (blocks.get(at) != RecordPool.NONE) {
      at++;
    }
    return at;
  }

  /** The end of a range that a file may have. */
  private long endOf(long offsetBytes, long lengthBytes) throws FsException {
    if (offsetBytes < 0 || lengthBytes < 0) {
      throw new FsException(Errno.EINVAL);
    }
    if (offsetBytes > MAX_BYTES - lengthBytes) {
      throw new FsException(Errno.EFBIG);
    }
    return offsetBytes + lengthBytes;
  }

  private static int withinBlock(long offsetBytes) {
    return (int) offsetBytes & (BLOCK_BYTES - 1);
  }

  private static long blocksFor(long bytes) {
    return (bytes >> BLOCK_SHIFT) + (withinBlock(bytes) == 0 ? 0 : 1);
  }

  /** Where a block begins; the end of the largest file for whatever lies behind it. */
  private static long offsetOf(long block) {
    return block > MAX_BYTES >> BLOCK_SHIFT ? MAX_BYTES : block << BLOCK_SHIFT;
  }

  /** Makes holes data, in one or more ranges; if one is refused, all of them are holes again. */
  private final class Filling {
    private final long writtenFrom;
    private final long writtenTo;
    private final List<long[]> filled = new ArrayList<>(1);

    /** Bytes of the range given are written later, so they need not be zeros. */
    Filling(long writtenFrom, long writtenTo) {
      this.writtenFrom = writtenFrom;
      this.writtenTo = writtenTo;
    }

    /** Makes every block of the byte range data. */
    void fill(long from, long to) throws FsException {
      if (from >= to) {
        return;
      }
      long end = blocksFor(to);
      long at = nextHole(from >> BLOCK_SHIFT);
      while (at < end) {
        long holeEnd = Math.min(end, blocks.nextFrom(at));
        try {
          fillHole(at, holeEnd);
        } catch (FsException full) {
          filled.forEach(range -> drop(range[0], range[1]));
          throw full;
        }
        at = nextHole(holeEnd);
      }
    }

    private void fillHole(long firstBlock, long endBlock) throws FsException {
      space.takeBlocks(endBlock - firstBlock);
      long at = firstBlock;
      try {
        for (; at < endBlock; at++) {
          add(at);
        }
      } catch (FsException full) {
        space.releaseBlocks(endBlock - at);
        throw full;
      } finally {
        keep((int) (at - firstBlock));
        filled.add(new long[] {firstBlock, at});
      }
    }

    private void add(long block) throws FsException {
      int record = records.take();
      try {
        blocks.set(block, record);
      } catch (FsException full) {
        records.giveBack(record);
        throw full;
      }
      long from = block << BLOCK_SHIFT;
      if (from < writtenFrom || from + BLOCK_BYTES > writtenTo) {
        records.slabOf(record).put(records.offsetOf(record), ZEROS, 0, BLOCK_BYTES);
      }
    }
  }
}
