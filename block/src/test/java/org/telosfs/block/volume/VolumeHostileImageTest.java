package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.Key;
import org.telosfs.block.PowerLossSweep;
import org.telosfs.block.journal.JournalForgery;
import org.telosfs.block.tree.BTree;

/**
 * Images that somebody made to do harm: anything in them changed, and all checksums right again.
 * Whatever is done with them ends, in little memory, with a result or an IOException.
 */
class VolumeHostileImageTest {
  private static final int BLOCK_BYTES = BlockGeometry.BLOCK_BYTES;
  private static final long MOST_ALLOCATED_BYTES = 256L << 20;
  private static final double MOST_SECONDS = 10;
  private static final int MOST_ENTRIES = 1_000_000;

  /** A volume closed in order, and one that a crash left with a full journal. */
  private static DeviceImage closed;

  private static DeviceImage killed;

  @BeforeAll
  static void fillAVolume() throws IOException {
    ImageBlockDevice device = VolumePowerLossTest.formatted(512 * 1024).device();
    Volume volume = VolumeFixture.open(device);
    VolumeStory story = new VolumeStory(volume, new TreeMap<>(), 9);
    for (int i = 0; i < 150; i++) {
      story.transact();
      volume.seal();
    }
    volume.close();
    closed = device.image();
    volume = VolumeFixture.open(device);
    story = new VolumeStory(volume, story.state(), 10);
    for (int i = 0; i < 20; i++) {
      story.transact();
      volume.awaitDurable(volume.seal());
    }
    killed = device.image();
  }

  /** An image under an attacker's hands. */
  private static final class Forgery {
    private final Random random;
    private DeviceImage image;

    Forgery(DeviceImage image, Random random) {
      this.image = image;
      this.random = random;
    }

    private ByteBuffer superblock() {
      return ByteBuffer.wrap(image.bytes(0, SuperblockFormat.BYTES));
    }

    private void putSuperblock(ByteBuffer superblock) {
      CRC32C crc = new CRC32C();
      crc.update(superblock.array(), 0, SuperblockFormat.CRC32C_OFFSET);
      superblock.putInt(SuperblockFormat.CRC32C_OFFSET, (int) crc.getValue());
      image = image.with(SuperblockFormat.offsetOf(0), superblock.array());
      image = image.with(SuperblockFormat.offsetOf(1), superblock.array());
    }

    void forgeSuperblock() {
      ByteBuffer superblock = superblock();
      int at = random.nextInt(SuperblockFormat.END_OFFSET / 4) * 4;
      if (random.nextInt(3) == 0) {
        superblock.put(at, (byte) random.nextInt());
      } else if (random.nextBoolean() || at % 8 != 0) {
        superblock.putInt(at, (int) number());
      } else {
        superblock.putLong(at, number());
      }
      putSuperblock(superblock);
    }

    private long number() {
      long[] numbers = {
        0,
        1,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        image.sizeBytes(),
        image.sizeBytes() / BLOCK_BYTES,
        random.nextInt(2000),
        random.nextLong()
      };
      return numbers[random.nextInt(numbers.length)];
    }

    /** Changes a node of either tree, and the checksums from there up to the superblock. */
    void forgeNode() {
      boolean ofMap = random.nextInt(3) != 0;
      int pointer = ofMap ? SuperblockFormat.MAP_ROOT_OFFSET : SuperblockFormat.SPACE_ROOT_OFFSET;
      ByteBuffer superblock = superblock();
      int crc = forgeNode(superblock.getLong(pointer));
      superblock = superblock();
      superblock.putInt(pointer + Long.BYTES, crc);
      putSuperblock(superblock);
    }

    private int forgeNode(long block) {
      byte[] node = image.bytes(block * BLOCK_BYTES, BTree.NODE_BYTES);
      ByteBuffer bytes = ByteBuffer.wrap(node);
      List<Integer> pointers = pointers(bytes);
      if (!pointers.isEmpty() && random.nextInt(4) != 0) {
        int pointer = pointers.get(random.nextInt(pointers.size()));
        bytes.putInt(pointer + Long.BYTES, forgeNode(bytes.getLong(pointer)));
      } else {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
          change(bytes);
        }
      }
      image = image.with(block * BLOCK_BYTES, node);
      CRC32C crc = new CRC32C();
      crc.update(node);
      return (int) crc.getValue();
    }

    /** Where the pointers of an inner node lie. */
    private static List<Integer> pointers(ByteBuffer node) {
      List<Integer> pointers = new ArrayList<>();
      if (node.get(5) != 0) {
        int at = 32;
        for (int i = 0; i < node.getShort(6); i++) {
          at += Short.BYTES + node.getShort(at);
          pointers.add(at);
          at += 20;
        }
      }
      return pointers;
    }

    private void change(ByteBuffer node) {
      // Most bytes of a node are values; what steers is in front.
      int end = random.nextBoolean() ? 100 : node.capacity();
      int at = random.nextInt(end - Long.BYTES);
      switch (random.nextInt(4)) {
        case 0 -> node.put(at, (byte) random.nextInt());
        case 1 -> node.putShort(at, (short) number());
        case 2 -> node.putLong(at, number());
        default -> node.put(at, (byte) (node.get(at) ^ 1 << random.nextInt(8)));
      }
    }

    void forgeJournal() {
      ByteBuffer superblock = superblock();
      long start = superblock.getLong(SuperblockFormat.JOURNAL_START_OFFSET);
      int size = (int) superblock.getLong(SuperblockFormat.JOURNAL_BYTES_OFFSET);
      byte[] ring = image.bytes(start, size);
      List<Integer> groups = new ArrayList<>();
      int at = (int) (superblock.getLong(SuperblockFormat.POSITION_OFFSET) % size);
      while (JournalForgery.groupBytes(ring, at) > 0) {
        groups.add(at);
        at += JournalForgery.groupBytes(ring, at);
      }
      assertTrue(groups.size() > 5, () -> groups.size() + " groups to forge");
      int chosen = groups.get(random.nextInt(groups.size()));
      byte[] group = image.bytes(start + chosen, JournalForgery.groupBytes(ring, chosen));
      long salt =
          superblock.getLong(SuperblockFormat.ID_OFFSET)
              ^ superblock.getLong(SuperblockFormat.ID_OFFSET + Long.BYTES);
      new JournalForgery(salt, random).forge(group);
      image = image.with(start + chosen, group);
    }
  }

  /** All that one can do with a volume. */
  private static void use(DeviceImage image) throws IOException {
    try (Volume volume = VolumeFixture.open(image.device())) {
      try {
        MapCursor cursor = volume.view().scan(Key.of((byte) 0), null);
        for (int i = 0; cursor.next(); i++) {
          assertTrue(i < MOST_ENTRIES, "the map does not end");
        }
      } catch (IOException damaged) {
        assertTrue(damaged.getMessage() != null, damaged::toString);
      }
      VolumeScrub.run(volume, (map, found) -> {});
      for (int i = 0; i < 12; i++) {
        try (VolumeTransaction tx = volume.begin(Purpose.GROW);
            Reservation space = volume.reserve(3)) {
          tx.floor(VolumeFixture.key("key-0" + i));
          tx.ceiling(VolumeFixture.key("key-0" + i));
          volume.extents().write(tx, space, ExtentStore.ANYWHERE, VolumeFixture.blocks(3, i));
          tx.put(VolumeFixture.key("key-" + i), new byte[1000]);
          tx.delete(VolumeFixture.key("key-0" + (10 + i)));
          tx.commit();
        }
        volume.awaitDurable(volume.seal());
        if (i % 4 == 3) {
          volume.checkpoint();
        }
      }
    }
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void endsWithAResultOrAnIoException(long seed) {
    int rounds = PowerLossSweep.budget(1_500, 100_000);
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(seed << 32 | round);
      Forgery forgery = new Forgery(round % 3 == 2 ? killed : closed, random);
      switch (round % 3) {
        case 0 -> forgery.forgeSuperblock();
        case 1 -> forgery.forgeNode();
        default -> forgery.forgeJournal();
      }
      long allocated = allocatedBytes();
      long started = System.nanoTime();
      String outcome = "works";
      try {
        use(forgery.image);
      } catch (IOException told) {
        outcome = told.getClass().getSimpleName();
      } catch (RuntimeException | Error bug) {
        throw new AssertionError("seed " + seed + ", round " + round + ": " + bug, bug);
      }
      outcomes.merge(outcome, 1, Integer::sum);
      String where = "seed " + seed + ", round " + round + ", " + outcome;
      long bytes = allocatedBytes() - allocated;
      assertTrue(bytes < MOST_ALLOCATED_BYTES, () -> where + ": " + bytes + " bytes of memory");
      double seconds = (System.nanoTime() - started) / 1e9;
      assertTrue(seconds < MOST_SECONDS, () -> where + ": " + seconds + " s");
    }
    System.out.println("volume: seed " + seed + ", " + rounds + " forged images: " + outcomes);
  }
}
