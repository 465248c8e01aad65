package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.PowerLossSweep;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ChildPointer;
import org.telosfs.block.tree.TreeCheck;
import org.telosfs.block.tree.TreeRoot;

/** Damage of the medium is found, or lies where nothing is; it is never served as data. */
class VolumeBitFlipTest {
  private static final int BLOCK_BYTES = BlockGeometry.BLOCK_BYTES;
  private static final long SEED = 5;

  /** How damage came to light. */
  private enum Verdict {
    FOUND_BY_OPEN,
    FOUND_BY_READ,
    FOUND_BY_SCRUB,
    HARMLESS
  }

  /** What a volume at rest holds, and in which blocks; those of superblocks apart. */
  private record Rest(DeviceImage image, TreeMap<String, String> state, BitSet used) {}

  private static Rest rest;

  @BeforeAll
  static void fillAVolume() throws IOException {
    ImageBlockDevice device = VolumePowerLossTest.formatted(96 * 1024).device();
    Volume volume = VolumeFixture.open(device);
    VolumeStory story = new VolumeStory(volume, new TreeMap<>(), SEED);
    for (int i = 0; i < 150; i++) {
      story.transact();
      volume.awaitDurable(volume.seal());
    }
    volume.close();
    rest = new Rest(device.image(), story.state(), used(device));
  }

  private static BitSet used(ImageBlockDevice device) throws IOException {
    BitSet used = new BitSet();
    Superblock superblock = new SuperblockPair(device).read();
    VolumeTrees trees = VolumeTrees.of(device, superblock, 16);
    for (Map.Entry<ChildPointer, BTree> root :
        Map.of(superblock.mapRoot(), trees.map(), superblock.spaceRoot(), trees.spaceNodes())
            .entrySet()) {
      new TreeCheck(
              root.getValue(),
              block -> used.set((int) block, (int) block + SpaceLedger.BLOCKS_PER_NODE))
          .check(root.getKey());
    }
    VolumeStory.walk(
        VolumeView.ofUnchanging(trees.map(), TreeRoot.onDisk(superblock.mapRoot())),
        (extent, checksums) -> {
          if (checksums != null) {
            used.set((int) extent.startBlock(), (int) extent.endBlock());
          }
        });
    return used;
  }

  /** Opens, then reads everything, or leaves all of it to the scrub. */
  private static Verdict examine(
      DeviceImage damaged, boolean reads, TreeMap<String, String> state, String what) {
    Volume volume;
    try {
      volume = VolumeFixture.open(damaged.device());
    } catch (IOException found) {
      return Verdict.FOUND_BY_OPEN;
    }
    try {
      if (reads) {
        assertEquals(state, VolumeStory.read(volume), what);
      }
    } catch (IOException found) {
      return Verdict.FOUND_BY_READ;
    }
    try {
      List<String> findings = VolumeScrub.run(volume, VolumeStory::walk).findings();
      return findings.isEmpty() ? Verdict.HARMLESS : Verdict.FOUND_BY_SCRUB;
    } catch (IOException found) {
      return Verdict.FOUND_BY_SCRUB;
    }
  }

  private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);

  /** Judges damage that reached these blocks. */
  private void judge(DeviceImage damaged, boolean reads, String what, int... blocks) {
    Verdict verdict = examine(damaged, reads, rest.state(), what);
    verdicts.merge(verdict, 1, Integer::sum);
    boolean changed = false;
    for (int block : blocks) {
      changed |= rest.used().get(block) && !sameBlock(rest.image(), damaged, block);
    }
    if (changed == (verdict == Verdict.HARMLESS)) {
      fail(what + " is " + verdict + (changed ? ", but in use" : ", but nothing was there"));
    }
  }

  private static boolean sameBlock(DeviceImage one, DeviceImage other, int block) {
    long at = (long) block * BLOCK_BYTES;
    return Arrays.equals(one.bytes(at, BLOCK_BYTES), other.bytes(at, BLOCK_BYTES));
  }

  private int totalBlocks() {
    return (int) (rest.image().sizeBytes() / BLOCK_BYTES);
  }

  private int anyUsed(Random random) {
    int[] used = rest.used().stream().toArray();
    return used[random.nextInt(used.length)];
  }

  private static byte[] block(int number) {
    return rest.image().bytes((long) number * BLOCK_BYTES, BLOCK_BYTES);
  }

  private static DeviceImage with(DeviceImage image, int number, byte[] content) {
    return image.with((long) number * BLOCK_BYTES, content);
  }

  @Test
  void aFlippedBitIsFoundUnlessNothingIsThere() {
    Random random = new Random(SEED);
    int flips = PowerLossSweep.budget(4_000, 150_000);
    for (int i = 0; i < flips; i++) {
      // Half of them anywhere, half in blocks that are used.
      long block = i % 2 == 0 ? random.nextInt(totalBlocks()) : anyUsed(random);
      long bit = block * BLOCK_BYTES * 8 + random.nextInt(BLOCK_BYTES * 8);
      judge(
          rest.image().withFlippedBit(bit),
          i % 4 < 2,
          "seed " + SEED + ", bit " + bit,
          (int) block);
    }
    System.out.println("volume: seed " + SEED + ", " + flips + " flipped bits: " + verdicts);
    assertTrue(verdicts.getOrDefault(Verdict.FOUND_BY_READ, 0) > flips / 8, verdicts::toString);
    assertTrue(verdicts.getOrDefault(Verdict.FOUND_BY_SCRUB, 0) > flips / 8, verdicts::toString);
  }

  @Test
  void blocksThatAreZeroedSwappedOrMisdirectedAreFound() {
    Random random = new Random(SEED);
    int rounds = PowerLossSweep.budget(400, 10_000);
    for (int i = 0; i < rounds; i++) {
      int one = anyUsed(random);
      int other = random.nextInt(4) == 0 ? random.nextInt(totalBlocks()) : anyUsed(random);
      String where = "seed " + SEED + ", round " + i + ": blocks " + one + " and " + other;
      boolean reads = i % 2 == 0;
      judge(with(rest.image(), one, new byte[BLOCK_BYTES]), reads, where + " zeroed", one);
      judge(with(rest.image(), other, block(one)), reads, where + " misdirected", other);
      DeviceImage swapped = with(with(rest.image(), other, block(one)), one, block(other));
      judge(swapped, reads, where + " swapped", one, other);
    }
    System.out.println("volume: " + 3 * rounds + " damaged blocks: " + verdicts);
  }

  @Test
  void oneLostSuperblockIsAlwaysRecoverable() {
    Random random = new Random(SEED);
    for (int copy : new int[] {SuperblockFormat.FIRST_BLOCK, SuperblockFormat.SECOND_BLOCK}) {
      byte[] noise = new byte[BLOCK_BYTES];
      random.nextBytes(noise);
      for (byte[] content : List.of(new byte[BLOCK_BYTES], noise, block(anyUsed(random)))) {
        judge(with(rest.image(), copy, content), true, "superblock " + copy);
      }
      for (int bit = 0; bit < SuperblockFormat.BYTES * 8; bit++) {
        long at = (long) copy * BLOCK_BYTES * 8 + bit;
        judge(rest.image().withFlippedBit(at), true, "superblock " + copy + " bit " + bit);
      }
    }
    assertEquals(Map.of(Verdict.HARMLESS, 2 * (3 + SuperblockFormat.BYTES * 8)), verdicts);
  }

  /**
   * Damage of a group shows when a later one knew it to be durable. The last one has no such
   * witness: damaged, it looks like a group that power loss tore, and only it may be missed.
   */
  @Test
  void aFlippedBitInTheJournalIsFoundOrLosesTheLastGroupAlone() throws IOException {
    ImageBlockDevice device = rest.image().device();
    Volume volume = VolumeFixture.open(device);
    VolumeStory story = new VolumeStory(volume, rest.state(), SEED + 1);
    List<TreeMap<String, String>> states = new ArrayList<>();
    long lastGroup = 0;
    long end = 0;
    while (end < 64 * 1024) {
      states.add(story.state());
      story.transact();
      lastGroup = end;
      volume.awaitDurable(volume.seal());
      end = volume.stats().journalBytesUsed();
    }
    Superblock superblock = new SuperblockPair(device).read();
    DeviceImage killed = device.image();
    assertEquals(Verdict.HARMLESS, examine(killed, true, story.state(), "undamaged"));
    TreeMap<String, String> beforeLast = states.get(states.size() - 1);
    Random random = new Random(SEED);
    int flips = PowerLossSweep.budget(1_000, 30_000);
    int lost = 0;
    for (int i = 0; i < flips; i++) {
      long at = random.nextInt((int) end);
      long offset =
          superblock.journalStart() + (superblock.position() + at) % superblock.journalBytes();
      DeviceImage damaged = killed.withFlippedBit(offset * 8 + random.nextInt(8));
      try (Volume opened = VolumeFixture.open(damaged.device())) {
        TreeMap<String, String> found = VolumeStory.read(opened);
        if (!found.equals(story.state())) {
          assertTrue(at >= lastGroup, "a group before the last is lost: byte " + at);
          assertEquals(beforeLast, found);
          lost++;
        }
      } catch (VolumeFormatException.Corrupt told) {
        assertTrue(at < lastGroup, "the last group cannot be told from a torn one: byte " + at);
      }
    }
    System.out.println("volume: " + flips + " bits of the journal, " + lost + " in the last group");
  }
}
