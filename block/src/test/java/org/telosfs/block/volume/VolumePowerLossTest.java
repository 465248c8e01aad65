package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.Chronicle;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.NoFlushBlockDevice;
import org.telosfs.block.PowerLossSweep;

/** After a power loss a volume holds a prefix of its sealed groups, at least the durable ones. */
class VolumePowerLossTest {
  private static final int SECTOR_BYTES = 512;
  private static final int JOURNAL_BYTES = 96 * 1024;
  private static final int BLOCKS_LEFT_WHEN_CROWDED = 90;
  private static final int GROUPS_OF_FIRST_LIFE = 80;
  private static final int GROUPS_OF_SECOND_LIFE = 12;

  /** Small, so that its journal goes round often and its space runs short. */
  static DeviceImage formatted(long journalBytes) throws IOException {
    return DeviceImage.madeBy(
        SECTOR_BYTES,
        VolumeFormat.LEAST_DEVICE_BYTES,
        device -> Volume.format(device, new VolumeFormat(VolumeFixture.ID, journalBytes)));
  }

  private static PowerLossSweep<TreeMap<String, String>> sweep(
      long seed, int budget, PowerLossSweep.Life<TreeMap<String, String>> life) throws IOException {
    return new PowerLossSweep<>(
        "volume", formatted(JOURNAL_BYTES), new TreeMap<>(), life, seed, budget);
  }

  /** Opens, reads all, scrubs, works on, and closes. */
  private static void live(
      BlockDevice device, int number, Chronicle<TreeMap<String, String>> chronicle, long seed)
      throws IOException {
    Volume volume = VolumeFixture.open(device);
    TreeMap<String, String> found = chronicle.recovered(VolumeStory.read(volume));
    assertEquals(List.of(), VolumeScrub.run(volume, VolumeStory::walk).findings());
    if (!chronicle.isFollowed()) {
      return;
    }
    VolumeStory story = new VolumeStory(volume, found, seed * 31 + number);
    if (number == 0 && seed % 3 == 0) {
      story.crowd(BLOCKS_LEFT_WHEN_CROWDED);
    }
    List<Integer> stateOfGroup = new ArrayList<>();
    stateOfGroup.add(chronicle.possible(story.state()));
    long firstGroup = volume.seal();
    for (int i = number == 0 ? GROUPS_OF_FIRST_LIFE : GROUPS_OF_SECOND_LIFE; i > 0; i--) {
      for (int transactions = 1 + story.pick(3); transactions > 0; transactions--) {
        story.transact();
      }
      int state = chronicle.possible(story.state());
      long group = volume.seal();
      if (group - firstGroup == stateOfGroup.size()) {
        stateOfGroup.add(state);
      }
      switch (story.pick(8)) {
        case 0, 1, 2 -> volume.awaitDurable(group);
        case 3 -> volume.awaitWritten(group);
        case 4 -> {
          if (story.pick(3) == 0) {
            volume.checkpoint();
          }
        }
        default -> {}
      }
      long durable = volume.stats().durableSequence() - firstGroup;
      if (durable >= 0) {
        chronicle.survives(stateOfGroup.get((int) durable));
      }
    }
    volume.close();
    chronicle.survives();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, PowerLossSweep.budget(3, 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPowerLossLeavesAPrefix(long seed) throws IOException {
    int budget = PowerLossSweep.budget(4_500, 31_000);
    sweep(seed, budget, (device, number, chronicle) -> live(device, number, chronicle, seed)).run();
  }

  @Test
  void withoutFlushesThePromiseIsBroken() throws IOException {
    PowerLossSweep<TreeMap<String, String>> sweep =
        sweep(
            1,
            4_000,
            (device, number, chronicle) ->
                live(new NoFlushBlockDevice(device), number, chronicle, 1));
    assertThrows(AssertionError.class, sweep::run);
  }
}
