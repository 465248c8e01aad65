package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.Timestamp;

/** File content against the plainest model: one array of bytes, and a bit for each block. */
class FileContentModelTest {
  private static final int BLOCK = MemorySpace.BLOCK_BYTES;
  private static final int MOST_BYTES = 70 * BLOCK;
  private static final int STEPS = 2_000;

  private final MemorySpace space = new MemorySpace(1L << 30);
  private final FileContent content;
  private final byte[] bytes = new byte[MOST_BYTES];
  private final BitSet data = new BitSet();
  private int sizeBytes;

  FileContentModelTest() throws FsException {
    content =
        new NodeTable(space)
            .make(FileType.REGULAR, 0644, 0, 0, 0, null, 1, Timestamp.EPOCH)
            .content();
  }

  /**
   * The second argument puts all the action there: behind a hole, or near the end of the largest
   * file.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "2, 0",
    "3, 1073651712",
    "4, 1073651712",
    "5, 17592185757696",
    "6, 9223372036854484992"
  })
  void agreesWithAnArray(long seed, long baseBytes) throws FsException {
    Random random = new Random(seed);
    content.resize(baseBytes);
    for (int step = 0; step < STEPS; step++) {
      int from = edge(random);
      int to = Math.min(MOST_BYTES, from + edge(random) / (1 + random.nextInt(20)));
      change(random, baseBytes, from, to);
      String where = "seed " + seed + ", step " + step;
      assertEquals(baseBytes + sizeBytes, content.sizeBytes(), where);
      assertEquals(data.cardinality() * (BLOCK / 512L), content.blocks512(), where);
      ByteBuffer read = ByteBuffer.allocate(MOST_BYTES);
      assertEquals(sizeBytes, content.read(baseBytes, read), where);
      assertArrayEquals(
          Arrays.copyOf(bytes, sizeBytes), Arrays.copyOf(read.array(), sizeBytes), where);
      assertArrayEquals(
          Arrays.copyOfRange(bytes, from, Math.max(from, Math.min(to, sizeBytes))),
          lent(baseBytes, from, to),
          where);
      for (SeekTarget target : SeekTarget.values()) {
        assertEquals(expectedSeek(from, target), seek(baseBytes, from, target), where);
      }
    }
    content.free();
    assertEquals(space.toStatFs().totalBlocks(), space.toStatFs().freeBlocks());
  }

  private byte[] lent(long base, int from, int to) {
    ContentPieces pieces = new ContentPieces();
    content.lend(base + from, Math.max(0, to - from), pieces);
    ByteBuffer copy = ByteBuffer.allocate(pieces.totalBytes());
    pieces.copyTo(copy);
    return copy.array();
  }

  private static int edge(Random random) {
    int block = random.nextInt(MOST_BYTES / BLOCK) * BLOCK;
    return random.nextBoolean() ? block : block + random.nextInt(BLOCK);
  }

  private void change(Random random, long base, int from, int to) throws FsException {
    int choice = random.nextInt(8);
    if (choice == 0) {
      resize(base, from);
    } else if (to > from && choice <= 2) {
      byte[] written = new byte[to - from];
      random.nextBytes(written);
      content.write(base + from, ByteBuffer.wrap(written));
      System.arraycopy(written, 0, bytes, from, written.length);
      reserved(from, to);
      sizeBytes = Math.max(sizeBytes, to);
    } else if (to > from) {
      AllocateMode mode = AllocateMode.values()[choice - 3];
      content.allocate(mode, base + from, to - from);
      allocated(mode, from, to);
    }
  }

  private void resize(long base, int newSize) throws FsException {
    content.resize(base + newSize);
    if (newSize <= sizeBytes) {
      data.clear(blocksFor(newSize), MOST_BYTES / BLOCK);
      Arrays.fill(bytes, newSize, MOST_BYTES, (byte) 0);
    }
    sizeBytes = newSize;
  }

  private void allocated(AllocateMode mode, int from, int to) {
    switch (mode) {
      case ALLOCATE -> {
        reserved(from, to);
        sizeBytes = Math.max(sizeBytes, to);
      }
      case ALLOCATE_KEEP_SIZE -> reserved(from, to);
      case PUNCH_HOLE -> {
        Arrays.fill(bytes, from, to, (byte) 0);
        data.clear(blocksFor(from), Math.max(blocksFor(from), to / BLOCK));
      }
      case ZERO_RANGE -> {
        Arrays.fill(bytes, from, to, (byte) 0);
        reserved(from, to);
        sizeBytes = Math.max(sizeBytes, to);
      }
      case ZERO_RANGE_KEEP_SIZE -> {
        Arrays.fill(bytes, from, to, (byte) 0);
        reserved(from, to);
      }
    }
  }

  private void reserved(int from, int to) {
    data.set(from / BLOCK, blocksFor(to));
  }

  private static int blocksFor(int length) {
    return (length + BLOCK - 1) / BLOCK;
  }

  /** -1 stands for a refusal. */
  private long expectedSeek(int from, SeekTarget target) {
    if (from >= sizeBytes) {
      return -1;
    }
    if (target == SeekTarget.HOLE) {
      int hole = data.nextClearBit(from / BLOCK) * BLOCK;
      return Math.min(sizeBytes, Math.max(from, hole));
    }
    int block = data.nextSetBit(from / BLOCK);
    int found = Math.max(from, block * BLOCK);
    return block < 0 || found >= sizeBytes ? -1 : found;
  }

  private long seek(long base, int from, SeekTarget target) {
    try {
      return content.seek(base + from, target) - base;
    } catch (FsException refusal) {
      assertEquals(Errno.ENXIO, refusal.errno());
      return -1;
    }
  }
}
