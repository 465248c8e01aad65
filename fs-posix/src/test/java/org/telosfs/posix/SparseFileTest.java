package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.SeekTarget;

/** Holes, preallocated space and ends of files, in memory, on the device, and after a mount. */
class SparseFileTest {
  private static final int BLOCK = 4096;
  private static final long DEVICE_BYTES = 64L << 20;

  private final ManualClock clock = new ManualClock();
  private BlockDevice device;
  private PosixFileSystem tree;
  private PathWalk walk;

  @BeforeEach
  void format() throws IOException {
    device = new org.telosfs.block.MemoryBlockDevice(BLOCK, DEVICE_BYTES / BLOCK);
    use(PosixFixture.fresh(device, clock));
  }

  @AfterEach
  void close() throws IOException {
    tree.close();
  }

  private void use(PosixFileSystem mounted) {
    tree = mounted;
    walk = new PathWalk(mounted);
  }

  private void remount() throws IOException {
    tree.close();
    use(PosixFixture.mount(device, clock));
  }

  private void resize(InodeNumber file, long sizeBytes) throws FsException {
    tree.setattr(Caller.ROOT, file, AttributeChange.size(sizeBytes));
  }

  private void allocate(InodeNumber file, AllocateMode mode, long from, long length)
      throws FsException {
    tree.allocate(Caller.ROOT, file, FileHandle.NONE, mode, from, length);
  }

  private long seek(InodeNumber file, long from, SeekTarget target) throws FsException {
    return tree.seek(Caller.ROOT, file, FileHandle.NONE, from, target);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void largestOffsetIsWrittenAndRead() throws IOException, FsException {
    InodeNumber file = walk.file("a");
    long last = (Long.MAX_VALUE & -BLOCK) - 1;
    walk.write(file, last, new byte[] {7});
    assertEquals(last + 1, walk.stat("a").sizeBytes());
    remount();
    assertArrayEquals(new byte[] {0, 7}, walk.read(file, last - 1, 10));
    assertEquals(last + 1 - BLOCK, seek(file, 0, SeekTarget.DATA));
    assertEquals(8, walk.stat("a").blocks512());
  }

  @Test
  void cutOffBytesDoNotComeBackAfterAMount() throws IOException, FsException {
    InodeNumber file = walk.file("a");
    walk.write(file, 0, filled(2 * BLOCK, 1));
    tree.syncAll();
    resize(file, BLOCK + 10);
    remount();
    resize(file, 2 * BLOCK);
    byte[] expected = Arrays.copyOf(filled(BLOCK + 10, 1), 2 * BLOCK);
    assertArrayEquals(expected, walk.content(file));
    tree.syncAll();
    remount();
    assertArrayEquals(expected, walk.content(file));
  }

  @Test
  void writeBehindTheEndLeavesZerosBetween() throws IOException, FsException {
    InodeNumber file = walk.file("a");
    walk.write(file, 0, filled(BLOCK, 1));
    tree.syncAll();
    resize(file, 100);
    tree.syncAll();
    walk.write(file, 3 * BLOCK + 5, new byte[] {9});
    byte[] expected = Arrays.copyOf(filled(100, 1), 3 * BLOCK + 6);
    expected[3 * BLOCK + 5] = 9;
    assertArrayEquals(expected, walk.content(file));
    remount();
    assertArrayEquals(expected, walk.content(file));
    assertEquals(BLOCK, seek(file, 0, SeekTarget.HOLE));
  }

  @Test
  void allocatedSpaceTakesWritesOnAFullDevice() throws IOException, FsException {
    InodeNumber file = walk.file("a");
    allocate(file, AllocateMode.ALLOCATE, 0, 1 << 20);
    fill("filler");
    walk.write(file, 0, filled(1 << 20, 3));
    tree.syncAll();
    remount();
    assertArrayEquals(filled(1 << 20, 3), walk.content(file));
    assertEquals((1 << 20) / 512, walk.stat("a").blocks512());
  }

  /** Takes every block that is to be had, also those that come back while others are taken. */
  private void fill(String path) throws FsException {
    InodeNumber filler = walk.file(path);
    long before;
    long at = 0;
    do {
      before = at;
      for (int length = 1 << 20; length >= BLOCK; length /= 2) {
        at = fillWith(filler, at, filled(length, 5));
      }
      tree.syncAll();
    } while (at > before);
  }

  private long fillWith(InodeNumber filler, long from, byte[] piece) throws FsException {
    long at = from;
    try {
      while (true) {
        walk.write(filler, at, piece);
        at += piece.length;
      }
    } catch (FsException full) {
      assertEquals(Errno.ENOSPC, full.errno());
      return at;
    }
  }

  @Test
  void fullDeviceTakesDataAgainAfterRemoving() throws FsException {
    fill("filler");
    walk.unlink("filler");
    InodeNumber file = walk.file("a");
    walk.write(file, 0, filled(1 << 20, 1));
    tree.syncAll();
    assertArrayEquals(filled(1 << 20, 1), walk.content(file));
  }

  @Test
  void acceptedDataNeverMeetsAFullDevice() throws IOException, FsException {
    InodeNumber kept = walk.file("kept");
    walk.write(kept, 0, filled(1 << 20, 4));
    fill("filler");
    remount();
    assertArrayEquals(filled(1 << 20, 4), walk.content(kept));
    resize(walk.inode("filler"), 0);
    walk.unlink("filler");
  }

  @Test
  void truncatingWorksOnAFullDevice() throws FsException {
    fill("filler");
    InodeNumber filler = walk.inode("filler");
    resize(filler, 5);
    assertArrayEquals(filled(5, 5), walk.content(filler));
    assertTrue(walk.stat("filler").blocks512() <= 8);
  }

  @Test
  void refusedWriteChangesNothing() throws FsException {
    InodeNumber file = walk.file("a", "text");
    fill("filler");
    FsException refusal =
        assertThrows(FsException.class, () -> walk.write(file, 2, filled(1 << 20, 1)));
    assertEquals(Errno.ENOSPC, refusal.errno());
    assertEquals("text", walk.text(file));
  }

  @Test
  void blocksAreCountedOnce() throws FsException {
    InodeNumber file = walk.file("a");
    walk.write(file, 0, filled(3 * BLOCK, 1));
    assertEquals(24, walk.stat("a").blocks512());
    allocate(file, AllocateMode.ALLOCATE, 0, 5 * BLOCK);
    assertEquals(40, walk.stat("a").blocks512());
    tree.syncAll();
    assertEquals(40, walk.stat("a").blocks512());
    walk.write(file, BLOCK, filled(BLOCK, 2));
    assertEquals(40, walk.stat("a").blocks512());
    tree.syncAll();
    assertEquals(40, walk.stat("a").blocks512());
    byte[] expected = filled(5 * BLOCK, 1);
    Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 2);
    Arrays.fill(expected, 3 * BLOCK, 5 * BLOCK, (byte) 0);
    assertArrayEquals(expected, walk.content(file));
  }
}
