package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PathWalk;

/** A full tree refuses without a change and takes up again what is freed. */
class MemorySpaceTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 32;

  private final MemoryFileSystem tree =
      new MemoryFileSystem(
          InstantSource.system(), BLOCKS * BLOCK, FileSystemTraits.soleWriter("memory"));
  private final PathWalk walk = new PathWalk(tree);

  private long free() {
    return tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeBlocks();
  }

  private void allocate(InodeNumber file, AllocateMode mode, long offsetBytes, long lengthBytes)
      throws FsException {
    tree.allocate(Caller.ROOT, file, FileHandle.NONE, mode, offsetBytes, lengthBytes);
  }

  @Test
  void refusedWriteChangesNothing() throws FsException {
    InodeNumber file = walk.file("a");
    byte[] content = new byte[30 * BLOCK];
    Arrays.fill(content, (byte) 7);
    walk.write(file, 0, content);
    FsException refusal =
        assertThrows(FsException.class, () -> walk.write(file, 29 * BLOCK, new byte[4 * BLOCK]));
    assertEquals(Errno.ENOSPC, refusal.errno());
    assertArrayEquals(content, walk.content(file));
    assertEquals(2, free());
  }

  @Test
  void overwritingNeedsNoSpace() throws FsException {
    InodeNumber file = walk.file("a");
    walk.write(file, 0, new byte[BLOCKS * BLOCK]);
    assertEquals(0, free());
    walk.write(file, 5, new byte[BLOCKS * BLOCK - 5]);
    walk.unlink("a");
    assertEquals(BLOCKS, free());
  }

  @Test
  void everyWayOfFreeingCounts() throws FsException {
    InodeNumber file = walk.file("a");
    allocate(file, AllocateMode.ALLOCATE_KEEP_SIZE, 0, BLOCKS * BLOCK);
    assertEquals(0, free());
    allocate(file, AllocateMode.PUNCH_HOLE, 10 * BLOCK, 5 * BLOCK);
    assertEquals(5, free());
    tree.setattr(Caller.ROOT, file, AttributeChange.size(2 * BLOCK + 1));
    assertEquals(5, free());
    tree.setattr(Caller.ROOT, file, AttributeChange.size(2 * BLOCK));
    assertEquals(BLOCKS - 2, free());
    tree.setattr(Caller.ROOT, file, AttributeChange.size(0));
    assertEquals(BLOCKS, free());
  }

  @Test
  void reservedBlocksTakeWritesWhenFull() throws FsException {
    InodeNumber file = walk.file("a");
    allocate(file, AllocateMode.ALLOCATE_KEEP_SIZE, 0, 4 * BLOCK);
    walk.write(walk.file("b"), 0, new byte[(BLOCKS - 4) * BLOCK]);
    walk.write(file, 0, new byte[4 * BLOCK]);
    assertEquals(0, free());
  }

  @Test
  void inodesRunOut() throws FsException {
    long inodes = tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeInodes();
    for (int i = 0; i < inodes; i++) {
      walk.file("f" + i);
    }
    FsException refusal = assertThrows(FsException.class, () -> walk.directory("d"));
    assertEquals(Errno.ENOSPC, refusal.errno());
    walk.unlink("f0");
    walk.directory("d");
  }
}
