package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.SeekTarget;

/**
 * The bytes of a regular file. A 4 KiB block is data if it was written or allocated since it was
 * last punched or cut off, else a hole. All bytes beyond the end are zeros. Guarded by its node's
 * lock; every change takes its space first, so that a refused one has changed nothing.
 */
final class FileContent {
  /** The largest file; its last block lacks a byte. */
  static final long MAX_BYTES = Long.MAX_VALUE;

  private static final int SECTORS_PER_BLOCK = Chunk.BLOCK_BYTES / 512;

  private final MemorySpace space;
  private final ChunkTable chunks;
  private long sizeBytes;
  private long blocks;

  FileContent(MemorySpace space) {
    this.space = space;
    this.chunks = new ChunkTable(space.chunks());
  }

  long sizeBytes() {
    return sizeBytes;
  }

  long blocks512() {
    return blocks * SECTORS_PER_BLOCK;
  }

  int read(long offsetBytes, ByteBuffer into) {
    long left = Math.min(into.remaining(), sizeBytes - offsetBytes);
    if (left <= 0) {
      return 0;
    }
    long at = offsetBytes;
    long end = offsetBytes + left;
    while (at < end) {
      int within = withinChunk(at);
      int length = (int) Math.min(Chunk.CHUNK_BYTES - within, end - at);
      Chunk chunk = chunks.get(at >> Chunk.CHUNK_SHIFT);
      if (chunk == null) {
        Chunk.putZeros(length, into);
      } else {
        chunk.read(within, length, into);
      }
      at += length;
    }
    return (int) left;
  }

  void write(long offsetBytes, ByteBuffer data) throws FsException {
    long end = endOf(offsetBytes, data.remaining());
    reserve(offsetBytes, end);
    put(offsetBytes, end, data);
  }

  void resize(long newSizeBytes) throws FsException {
    endOf(0, newSizeBytes);
    if (newSizeBytes <= sizeBytes) {
      long firstUnused = blocksFor(newSizeBytes);
      zero(newSizeBytes, offsetOf(firstUnused));
      drop(firstUnused, blocksFor(MAX_BYTES));
    }
    sizeBytes = newSizeBytes;
  }

  /** Frees everything; nothing may follow. */
  void free() {
    drop(0, blocksFor(MAX_BYTES));
  }

  void allocate(AllocateMode mode, long offsetBytes, long lengthBytes) throws FsException {
    long end = endOf(offsetBytes, lengthBytes);
    switch (mode) {
      case ALLOCATE -> {
        reserve(offsetBytes, end);
        sizeBytes = Math.max(sizeBytes, end);
      }
      case ALLOCATE_KEEP_SIZE -> reserve(offsetBytes, end);
      case PUNCH_HOLE -> punch(offsetBytes, end);
      case ZERO_RANGE -> {
        reserve(offsetBytes, end);
        zero(offsetBytes, end);
        sizeBytes = Math.max(sizeBytes, end);
      }
      case ZERO_RANGE_KEEP_SIZE -> {
        reserve(offsetBytes, end);
        zero(offsetBytes, end);
      }
    }
  }

  long seek(long offsetBytes, SeekTarget target) throws FsException {
    if (offsetBytes < 0 || offsetBytes >= sizeBytes) {
      throw new FsException(Errno.ENXIO);
    }
    return switch (target) {
      case DATA -> {
        long found = Math.max(offsetBytes, nextData(offsetBytes >> Chunk.BLOCK_SHIFT));
        if (found >= sizeBytes) {
          throw new FsException(Errno.ENXIO);
        }
        yield found;
      }
      case HOLE ->
          Math.min(sizeBytes, Math.max(offsetBytes, nextHole(offsetBytes >> Chunk.BLOCK_SHIFT)));
    };
  }

  /** Copies what the source has of the range into {@code to}; how much that was. */
  long copyTo(FileContent to, long fromOffsetBytes, long toOffsetBytes, long lengthBytes)
      throws FsException {
    long length = Math.min(lengthBytes, sizeBytes - fromOffsetBytes);
    if (length <= 0) {
      return 0;
    }
    long end = to.endOf(toOffsetBytes, length);
    List<long[]> holes = holesToCopy(to, fromOffsetBytes, toOffsetBytes, length);
    to.reserveBetween(toOffsetBytes, end, holes);
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(length, Chunk.CHUNK_BYTES));
    long at = toOffsetBytes;
    for (long[] hole : holes) {
      copyBytes(to, fromOffsetBytes - toOffsetBytes, at, hole[0], piece);
      to.drop(hole[0] >> Chunk.BLOCK_SHIFT, blocksFor(hole[1]));
      at = hole[1];
    }
    copyBytes(to, fromOffsetBytes - toOffsetBytes, at, end, piece);
    to.sizeBytes = Math.max(to.sizeBytes, end);
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
    if ((shift & (Chunk.BLOCK_BYTES - 1)) != 0) {
      return holes;
    }
    long end = toOffset + length;
    long endWhole = end >= to.sizeBytes ? end : end & -Chunk.BLOCK_BYTES;
    long at = offsetOf(blocksFor(toOffset));
    while (at < endWhole) {
      long hole = nextHole((at + shift) >> Chunk.BLOCK_SHIFT) - shift;
      long data = nextData((hole + shift) >> Chunk.BLOCK_SHIFT);
      long holeEnd = data == Long.MAX_VALUE ? endWhole : Math.min(endWhole, data - shift);
      if (hole < holeEnd) {
        holes.add(new long[] {hole, holeEnd});
      }
      at = Math.max(holeEnd, hole);
    }
    return holes;
  }

  /** Makes every block of the range data but for those of the holes in it. */
  private void reserveBetween(long from, long to, List<long[]> holes) throws FsException {
    long needed = 0;
    long at = from;
    for (long[] hole : holes) {
      needed += missing(at, hole[0]);
      at = hole[1];
    }
    space.takeBlocks(needed + missing(at, to));
    at = from;
    for (long[] hole : holes) {
      markData(at, hole[0]);
      at = hole[1];
    }
    markData(at, to);
  }

  private void put(long offsetBytes, long end, ByteBuffer data) {
    long at = offsetBytes;
    while (at < end) {
      int within = withinChunk(at);
      int length = (int) Math.min(Chunk.CHUNK_BYTES - within, end - at);
      chunks.getOrMake(at >> Chunk.CHUNK_SHIFT).write(within, length, data);
      at += length;
    }
    sizeBytes = Math.max(sizeBytes, end);
  }

  private void punch(long from, long to) {
    long firstWhole = blocksFor(from);
    long endWhole = to >> Chunk.BLOCK_SHIFT;
    if (firstWhole >= endWhole) {
      zero(from, to);
      return;
    }
    zero(from, firstWhole << Chunk.BLOCK_SHIFT);
    zero(endWhole << Chunk.BLOCK_SHIFT, to);
    drop(firstWhole, endWhole);
  }

  /** Makes every block of the byte range data. */
  private void reserve(long from, long to) throws FsException {
    space.takeBlocks(missing(from, to));
    markData(from, to);
  }

  /** How many blocks of the byte range are holes. */
  private long missing(long from, long to) {
    long firstBlock = from >> Chunk.BLOCK_SHIFT;
    long endBlock = blocksFor(to);
    return from >= to ? 0 : endBlock - firstBlock - countData(firstBlock, endBlock);
  }

  /** Their space has been taken. */
  private void markData(long from, long to) {
    long missing = missing(from, to);
    if (missing == 0) {
      return;
    }
    long firstBlock = from >> Chunk.BLOCK_SHIFT;
    long endBlock = blocksFor(to);
    long lastIndex = (endBlock - 1) >> Chunk.BLOCKS_SHIFT;
    for (long index = firstBlock >> Chunk.BLOCKS_SHIFT; index <= lastIndex; index++) {
      chunks
          .getOrMake(index)
          .markData(blockWithin(index, firstBlock), blockWithin(index, endBlock));
    }
    blocks += missing;
  }

  private long countData(long firstBlock, long endBlock) {
    long data = 0;
    long endIndex = chunkEnd(endBlock);
    long index = chunks.nextFrom(firstBlock >> Chunk.BLOCKS_SHIFT);
    while (index < endIndex) {
      data += at(index).countData(blockWithin(index, firstBlock), blockWithin(index, endBlock));
      index = chunks.nextFrom(index + 1);
    }
    return data;
  }

  private void drop(long firstBlock, long endBlock) {
    long dropped = 0;
    long endIndex = chunkEnd(endBlock);
    long index = chunks.nextFrom(firstBlock >> Chunk.BLOCKS_SHIFT);
    while (index < endIndex) {
      Chunk chunk = at(index);
      dropped += chunk.drop(blockWithin(index, firstBlock), blockWithin(index, endBlock));
      if (chunk.isHole()) {
        chunks.remove(index);
      }
      index = chunks.nextFrom(index + 1);
    }
    blocks -= dropped;
    space.releaseBlocks(dropped);
  }

  private void zero(long from, long to) {
    long index = chunks.nextFrom(from >> Chunk.CHUNK_SHIFT);
    while (index != ChunkTable.NONE && index << Chunk.CHUNK_SHIFT < to) {
      long start = index << Chunk.CHUNK_SHIFT;
      at(index)
          .zero((int) Math.max(0, from - start), (int) Math.min(Chunk.CHUNK_BYTES, to - start));
      index = chunks.nextFrom(index + 1);
    }
  }

  /** Offset of the first data block at or after {@code block}; the largest number if none. */
  private long nextData(long block) {
    long index = chunks.nextFrom(block >> Chunk.BLOCKS_SHIFT);
    while (index != ChunkTable.NONE) {
      int found = at(index).nextBlock(blockWithin(index, block), true);
      if (found < Chunk.BLOCKS) {
        return ((index << Chunk.BLOCKS_SHIFT) + found) << Chunk.BLOCK_SHIFT;
      }
      index = chunks.nextFrom(index + 1);
    }
    return Long.MAX_VALUE;
  }

  private long nextHole(long block) {
    long index = block >> Chunk.BLOCKS_SHIFT;
    while (true) {
      Chunk chunk = chunks.get(index);
      int from = blockWithin(index, block);
      int found = chunk == null ? from : chunk.nextBlock(from, false);
      if (found < Chunk.BLOCKS) {
        return offsetOf((index << Chunk.BLOCKS_SHIFT) + found);
      }
      index++;
    }
  }

  private Chunk at(long index) {
    @Nullable Chunk chunk = chunks.get(index);
    if (chunk == null) {
      throw new IllegalStateException("no chunk " + index);
    }
    return chunk;
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

  private static int withinChunk(long offsetBytes) {
    return (int) offsetBytes & (Chunk.CHUNK_BYTES - 1);
  }

  private static long blocksFor(long bytes) {
    return (bytes >> Chunk.BLOCK_SHIFT) + ((bytes & (Chunk.BLOCK_BYTES - 1)) == 0 ? 0 : 1);
  }

  /** Where a block begins; the end of the largest file for whatever lies behind it. */
  private static long offsetOf(long block) {
    return block > MAX_BYTES >> Chunk.BLOCK_SHIFT ? MAX_BYTES : block << Chunk.BLOCK_SHIFT;
  }

  /** Index of the first chunk that lies wholly at or after {@code endBlock}. */
  private static long chunkEnd(long endBlock) {
    return (endBlock + Chunk.BLOCKS - 1) >> Chunk.BLOCKS_SHIFT;
  }

  /** The block's place in a chunk, or the nearer end of the chunk if it lies outside. */
  private static int blockWithin(long index, long block) {
    return (int) Math.max(0, Math.min(Chunk.BLOCKS, block - (index << Chunk.BLOCKS_SHIFT)));
  }
}
