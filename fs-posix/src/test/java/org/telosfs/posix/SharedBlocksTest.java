package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;

/** Files that hold the same blocks: they take them once, and none sees what another writes. */
class SharedBlocksTest {
  private static final int BLOCK = 4096;
  private static final long DEVICE_BYTES = 64L << 20;
  private static final int FILE_BYTES = 8 << 20;

  private final ManualClock clock = new ManualClock();
  private MemoryBlockDevice device;
  private PosixFileSystem tree;
  private PathWalk walk;

  @BeforeEach
  void format() throws IOException {
    device = new MemoryBlockDevice(BLOCK, DEVICE_BYTES / BLOCK);
    use(PosixFixture.fresh(device, clock));
  }

  @AfterEach
  void closeAndCheck() throws IOException {
    tree.close();
    try (Volume volume = Volume.open(device, VolumeConfig.deterministic())) {
      TreeHealth.assertConsistentWithoutOrphans(volume);
      TreeHealth.assertScrubbed(volume);
    }
  }

  private void use(PosixFileSystem mounted) {
    tree = mounted;
    walk = new PathWalk(mounted);
  }

  private void remount() throws IOException {
    tree.close();
    use(PosixFixture.mount(device, clock));
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private long copy(String from, long fromOffset, String to, long toOffset, long length)
      throws FsException {
    return tree.copyRange(
        Caller.ROOT,
        walk.inode(from),
        FileHandle.NONE,
        fromOffset,
        walk.inode(to),
        FileHandle.NONE,
        toOffset,
        length);
  }

  private long freeBlocks() throws FsException {
    tree.syncAll();
    tree.syncAll(); // What the first one freed can be used after the second.
    return tree.statfs(Caller.ROOT).freeBlocks();
  }

  private byte[] original() throws FsException {
    byte[] content = bytes(FILE_BYTES + 123, 1);
    walk.write(walk.file("a"), 0, content);
    return content;
  }

  @Test
  void copyTakesNoDataSpace() throws FsException, IOException {
    byte[] content = original();
    long before = freeBlocks();
    walk.file("b");
    assertEquals(content.length, copy("a", 0, "b", 0, Long.MAX_VALUE / 2));
    assertTrue(before - freeBlocks() < 64, "only records: " + (before - freeBlocks()));
    assertEquals(walk.stat("a").blocks512(), walk.stat("b").blocks512());
    assertArrayEquals(content, walk.content(walk.inode("b")));
    remount();
    assertArrayEquals(content, walk.content(walk.inode("b")));
  }

  @Test
  void copyOfWhatStillWaitsTakesNoDataSpaceTwice() throws FsException {
    long before = freeBlocks();
    original();
    walk.file("b");
    copy("a", 0, "b", 0, 1L << 40);
    long blocks = FILE_BYTES / BLOCK + 1;
    assertTrue(before - freeBlocks() < blocks + 128, "once: " + (before - freeBlocks()));
  }

  @Test
  void eachWriterLeavesTheOthersAlone() throws FsException, IOException {
    byte[] content = original();
    for (String name : new String[] {"b", "c", "d"}) {
      walk.file(name);
      copy("a", 0, name, 0, 1L << 40);
    }
    walk.write(walk.inode("a"), 5, "first");
    walk.write(walk.inode("b"), 3L * BLOCK + 7, "second");
    tree.setattr(Caller.ROOT, walk.inode("c"), AttributeChange.size(BLOCK + 1));
    tree.setattr(Caller.ROOT, walk.inode("c"), AttributeChange.size(3L * BLOCK));
    tree.allocate(
        Caller.ROOT, walk.inode("d"), FileHandle.NONE, AllocateMode.PUNCH_HOLE, BLOCK, 1 << 20);
    remount();
    byte[] a = content.clone();
    System.arraycopy("first".getBytes(), 0, a, 5, 5);
    byte[] b = content.clone();
    System.arraycopy("second".getBytes(), 0, b, 3 * BLOCK + 7, 6);
    byte[] c = Arrays.copyOf(Arrays.copyOf(content, BLOCK + 1), 3 * BLOCK);
    byte[] d = content.clone();
    Arrays.fill(d, BLOCK, BLOCK + (1 << 20), (byte) 0);
    assertArrayEquals(a, walk.content(walk.inode("a")));
    assertArrayEquals(b, walk.content(walk.inode("b")));
    assertArrayEquals(c, walk.content(walk.inode("c")));
    assertArrayEquals(d, walk.content(walk.inode("d")));
  }

  @Test
  void theLastHolderGivesTheBlocksBack() throws FsException {
    long before = freeBlocks();
    original();
    walk.file("b");
    copy("a", 0, "b", 0, 1L << 40);
    long held = freeBlocks();
    walk.unlink("a");
    assertTrue(Math.abs(freeBlocks() - held) < 64, "the other still holds them");
    walk.unlink("b");
    assertTrue(Math.abs(freeBlocks() - before) < 64, "nobody holds them");
  }

  @Test
  void fileMayShareItsOwnBlocks() throws FsException, IOException {
    byte[] content = bytes(16 * BLOCK, 2);
    InodeNumber file = walk.file("a");
    walk.write(file, 0, content);
    assertEquals(16L * BLOCK, copy("a", 0, "a", 16L * BLOCK, 16L * BLOCK));
    assertEquals(8L * BLOCK, copy("a", 16L * BLOCK, "a", 0, 8L * BLOCK));
    byte[] twice = Arrays.copyOf(content, 32 * BLOCK);
    System.arraycopy(content, 0, twice, 16 * BLOCK, 16 * BLOCK);
    remount();
    assertArrayEquals(twice, walk.content(walk.inode("a")));
    tree.setattr(Caller.ROOT, walk.inode("a"), AttributeChange.size(4L * BLOCK));
    assertArrayEquals(Arrays.copyOf(content, 4 * BLOCK), walk.content(walk.inode("a")));
  }

  @Test
  void theEndOfAShorterCopyIsZeroWhenItGrows() throws FsException, IOException {
    byte[] content = original();
    tree.syncAll();
    InodeNumber copy = walk.file("b");
    assertEquals(BLOCK + 100, copy("a", 0, "b", 0, BLOCK + 100));
    tree.setattr(Caller.ROOT, copy, AttributeChange.size(2L * BLOCK));
    byte[] expected = Arrays.copyOf(Arrays.copyOf(content, BLOCK + 100), 2 * BLOCK);
    assertArrayEquals(expected, walk.content(copy));
    remount();
    assertArrayEquals(expected, walk.content(walk.inode("b")));
    assertArrayEquals(content, walk.content(walk.inode("a")));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomCopiesAndWritesAgreeWithArrays(long seed) throws FsException, IOException {
    Random random = new Random(seed);
    int blocks = 64;
    byte[][] files = new byte[4][blocks * BLOCK];
    for (int i = 0; i < files.length; i++) {
      walk.write(walk.file("f" + i), 0, files[i]);
    }
    for (int step = 0; step < 600; step++) {
      int to = random.nextInt(files.length);
      int at = random.nextInt(blocks);
      int count = 1 + random.nextInt(blocks - at);
      if (random.nextInt(3) == 0) {
        byte[] data = bytes(count * BLOCK, random.nextLong());
        walk.write(walk.inode("f" + to), (long) at * BLOCK, data);
        System.arraycopy(data, 0, files[to], at * BLOCK, data.length);
      } else {
        int from = random.nextInt(files.length);
        int start = random.nextInt(blocks - count + 1);
        if (from == to && Math.abs(start - at) < count) {
          continue;
        }
        assertEquals(
            (long) count * BLOCK,
            copy("f" + from, (long) start * BLOCK, "f" + to, (long) at * BLOCK, count * BLOCK),
            "seed " + seed + " step " + step);
        System.arraycopy(files[from], start * BLOCK, files[to], at * BLOCK, count * BLOCK);
      }
      if (step % 37 == 0) {
        tree.endEpoch();
      }
      if (step % 200 == 199) {
        remount();
      }
    }
    for (int i = 0; i < files.length; i++) {
      assertArrayEquals(files[i], walk.content(walk.inode("f" + i)), "seed " + seed);
    }
  }
}
