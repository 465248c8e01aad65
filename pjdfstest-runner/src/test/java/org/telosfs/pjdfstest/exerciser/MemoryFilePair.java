package org.telosfs.pjdfstest.exerciser;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.telosfs.pjdfstest.syscall.Abi;

/** Two files in memory, of blocks some of which are holes, with one bug or none. */
final class MemoryFilePair implements FilePair {
  private static final int BLOCK = Operation.BLOCK_BYTES;

  private final PlantedBug bug;
  private final MemoryFile[] files;

  MemoryFilePair(PlantedBug bug, int maxBytes) {
    this.bug = bug;
    this.files = new MemoryFile[] {new MemoryFile(maxBytes), new MemoryFile(maxBytes)};
  }

  private static final class MemoryFile {
    private static final int NONE = -1;

    private final byte[] content;
    private final boolean[] allocated;
    private final byte[] cached;
    private int sharedBlock = NONE;
    private int sharedWith;
    private int sharedWithBlock;
    private int size;
    private int sizeWhenOpened;

    private MemoryFile(int maxBytes) {
      this.content = new byte[maxBytes];
      this.cached = new byte[maxBytes];
      this.allocated = new boolean[maxBytes / BLOCK];
    }

    private void allocate(int offset, int bytes) {
      Arrays.fill(allocated, offset / BLOCK, (offset + bytes + BLOCK - 1) / BLOCK, true);
    }

    private void growTo(int newSize) {
      size = Math.max(size, newSize);
    }

    private void zero(int from, int to) {
      Arrays.fill(content, from, to, (byte) 0);
    }
  }

  private boolean has(PlantedBug planted) {
    return bug == planted;
  }

  @Override
  public int read(int file, Access access, int offset, ByteBuffer into, int bytes) {
    MemoryFile from = files[file];
    if (access == Access.MAPPED) {
      into.put(0, from.content, offset, bytes);
      return bytes;
    }
    int count = Math.max(0, Math.min(bytes, from.size - offset));
    boolean stale = has(PlantedBug.CACHE_IS_STALE_AFTER_DIRECT_WRITE) && access != Access.DIRECT;
    into.put(0, stale ? from.cached : from.content, offset, count);
    return has(PlantedBug.SHORT_READ) && offset + count == from.size && count > 1
        ? count - 1
        : count;
  }

  @Override
  public int write(int file, Access access, int offset, ByteBuffer from, int bytes) {
    MemoryFile to = files[file];
    if (has(PlantedBug.WRITES_LOSE_THEIR_LAST_BYTE_AT_BLOCK_ENDS)
        && (offset + bytes) % BLOCK == 0
        && offset % BLOCK != 0) {
      from.get(0, to.content, offset, bytes - 1);
    } else {
      from.get(0, to.content, offset, bytes);
    }
    to.allocate(offset, bytes);
    to.growTo(offset + bytes);
    if (offset <= to.sharedBlock * BLOCK && offset + bytes >= (to.sharedBlock + 1) * BLOCK) {
      copyBytes(file, to.sharedBlock * BLOCK, to.sharedWith, to.sharedWithBlock * BLOCK, BLOCK);
      to.sharedBlock = MemoryFile.NONE;
    }
    if (access != Access.DIRECT) {
      cache(to, offset, offset + bytes);
    }
    return bytes;
  }

  private static void cache(MemoryFile file, int from, int to) {
    System.arraycopy(file.content, from, file.cached, from, to - from);
  }

  @Override
  public int append(int file, ByteBuffer from, int bytes) {
    MemoryFile to = files[file];
    int end = has(PlantedBug.APPENDS_AT_THE_SIZE_WHEN_OPENED) ? to.sizeWhenOpened : to.size;
    return write(file, Access.PLAIN, end, from, bytes);
  }

  @Override
  public void syncMapping(int file) {}

  @Override
  public void unmap(int file) {}

  @Override
  public int sizeBytes(int file) {
    return files[file].size;
  }

  @Override
  public void truncate(int file, int sizeBytes) {
    MemoryFile cut = files[file];
    if (sizeBytes < cut.size && !has(PlantedBug.TRUNCATION_KEEPS_WHAT_WAS_BEHIND)) {
      cut.zero(sizeBytes, cut.content.length);
      int firstBlock = (sizeBytes + BLOCK - 1) / BLOCK;
      Arrays.fill(cut.allocated, firstBlock, cut.allocated.length, false);
    }
    cut.size = sizeBytes;
    cache(cut, sizeBytes, cut.content.length);
  }

  @Override
  public void reopen(int file, boolean empty) {
    if (empty) {
      truncate(file, 0);
    }
    files[file].sizeWhenOpened = files[file].size;
    cache(files[file], 0, files[file].content.length);
  }

  @Override
  public void allocate(int file, int mode, int offset, int bytes) {
    MemoryFile in = files[file];
    int end = offset + bytes;
    switch (mode) {
      case 0 -> {
        in.allocate(offset, bytes);
        in.growTo(end);
      }
      case Abi.FALLOC_FL_KEEP_SIZE -> {
        in.allocate(offset, bytes);
        if (has(PlantedBug.KEEP_SIZE_GROWS)) {
          in.growTo(end);
        }
      }
      case Abi.FALLOC_FL_PUNCH_HOLE | Abi.FALLOC_FL_KEEP_SIZE -> punch(in, offset, end);
      case Abi.FALLOC_FL_ZERO_RANGE -> {
        in.zero(offset, end);
        in.growTo(end);
      }
      case Abi.FALLOC_FL_ZERO_RANGE | Abi.FALLOC_FL_KEEP_SIZE -> in.zero(offset, end);
      case Abi.FALLOC_FL_COLLAPSE_RANGE -> collapse(in, offset, end);
      case Abi.FALLOC_FL_INSERT_RANGE -> insert(in, offset, bytes);
      default -> throw new IllegalArgumentException("mode " + mode);
    }
    cache(in, offset, in.content.length);
  }

  private void punch(MemoryFile in, int offset, int end) {
    boolean whole = has(PlantedBug.PUNCHING_FREES_PARTIAL_BLOCKS);
    in.zero(whole ? offset / BLOCK * BLOCK : offset, end);
    for (int block = (offset + BLOCK - 1) / BLOCK; block < end / BLOCK; block++) {
      in.allocated[block] = false;
    }
  }

  private void collapse(MemoryFile in, int offset, int end) {
    System.arraycopy(in.content, end, in.content, offset, in.size - end);
    moveAllocated(in, end, offset);
    int newSize = in.size - (end - offset);
    if (!has(PlantedBug.COLLAPSING_KEEPS_A_COPY_OF_THE_TAIL)) {
      in.zero(newSize, in.size);
    }
    in.size = newSize;
  }

  private static void insert(MemoryFile in, int offset, int bytes) {
    System.arraycopy(in.content, offset, in.content, offset + bytes, in.size - offset);
    in.zero(offset, offset + bytes);
    moveAllocated(in, offset, offset + bytes);
    in.size += bytes;
  }

  private static void moveAllocated(MemoryFile in, int from, int to) {
    int blocks = in.allocated.length - Math.max(from, to) / BLOCK;
    System.arraycopy(in.allocated, from / BLOCK, in.allocated, to / BLOCK, blocks);
  }

  @Override
  public int copy(int file, int offset, int target, int targetOffset, int bytes) {
    int count = Math.min(bytes, files[file].size - offset);
    if (has(PlantedBug.COPIES_SHARE_A_BLOCK_THAT_IS_WRITTEN_IN_PLACE)
        && offset % BLOCK == 0
        && targetOffset % BLOCK == 0
        && count >= BLOCK) {
      files[file].sharedBlock = offset / BLOCK;
      files[file].sharedWith = target;
      files[file].sharedWithBlock = targetOffset / BLOCK;
    }
    if (has(PlantedBug.COPIES_FORGET_AN_UNALIGNED_TAIL) && offset % BLOCK == 0) {
      int whole = count - count % BLOCK;
      copyBytes(file, offset, target, targetOffset, whole);
      files[target].growTo(targetOffset + count);
    } else {
      copyBytes(file, offset, target, targetOffset, count);
    }
    return count;
  }

  private void copyBytes(int file, int offset, int target, int targetOffset, int count) {
    MemoryFile to = files[target];
    System.arraycopy(files[file].content, offset, to.content, targetOffset, count);
    to.allocate(targetOffset, count);
    to.growTo(targetOffset + count);
    cache(to, targetOffset, targetOffset + count);
  }

  @Override
  public void cloneRange(int file, int offset, int target, int targetOffset, int bytes) {
    copyBytes(file, offset, target, targetOffset, bytes);
  }

  @Override
  public void cloneWhole(int file, int target) {
    int bytes = files[file].size;
    copyBytes(file, 0, target, 0, bytes);
    if (has(PlantedBug.CLONES_CUT_A_LONGER_TARGET)) {
      truncate(target, bytes);
    }
  }

  @Override
  public int seekData(int file, int offset) {
    MemoryFile in = files[file];
    int at = offset;
    if (has(PlantedBug.SEEK_DATA_BEGINS_AT_THE_NEXT_BLOCK)) {
      at = (offset + BLOCK - 1) / BLOCK * BLOCK;
    }
    while (at < in.size && !in.allocated[at / BLOCK]) {
      at = (at / BLOCK + 1) * BLOCK;
    }
    return at < in.size ? at : -1;
  }

  @Override
  public int seekHole(int file, int offset) {
    MemoryFile in = files[file];
    int at = offset;
    while (at < in.size && in.allocated[at / BLOCK]) {
      at = (at / BLOCK + 1) * BLOCK;
    }
    return Math.min(at, in.size);
  }

  @Override
  public void writeBack(int file) {}

  @Override
  public void sync(int file, boolean dataOnly) {}

  @Override
  public void dropCache(int file) {
    cache(files[file], 0, files[file].content.length);
  }

  @Override
  public void close() {}
}
