package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.telosfs.block.CrashingBlockDevice;
import org.telosfs.block.CrashingBlockDevice.Survivors;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.FailingBlockDevice;
import org.telosfs.block.FailingBlockDevice.Operation;
import org.telosfs.block.FailingBlockDevice.Span;
import org.telosfs.block.ImageBlockDevice;

/** Each read, write and flush of some work fails, once or from then on. */
class VolumeMediumErrorTest {
  private static final long SEED = 11;
  private static final int GROUPS = 25;
  private static final int JOURNAL_BYTES = 96 * 1024;

  /** A volume on a medium that may fail, above a host that may lose power. */
  private static final class Machine {
    final ImageBlockDevice platter;
    final CrashingBlockDevice host;
    final FailingBlockDevice medium;

    /** What may be found after a power loss, oldest first. */
    final List<TreeMap<String, String>> allowed = new ArrayList<>();

    Machine(DeviceImage image, TreeMap<String, String> state, Survivors survivors, long seed) {
      this.platter = image.device();
      this.host = new CrashingBlockDevice(platter, Long.MAX_VALUE, survivors, seed);
      this.medium = new FailingBlockDevice(host, host::forgetUnflushed);
      allowed.add(state);
    }

    /** Works as long as the medium lets it; every refusal is an IOException. */
    void work(Volume volume, VolumeStory story) {
      for (int i = 0; i < GROUPS; i++) {
        try {
          story.transact();
          TreeMap<String, String> sealed = story.state();
          allowed.add(sealed);
          long group = volume.seal();
          if (i % 3 != 0) {
            volume.awaitDurable(group);
            allowed.clear();
            allowed.add(sealed);
          }
          if (i % 7 == 6) {
            volume.checkpoint();
          }
          if (i % 5 == 4) {
            assertEquals(sealed, VolumeStory.read(volume));
          }
        } catch (IOException refused) {
          assertTrue(medium.struck() > 0, () -> "refused without a fault: " + refused);
        }
      }
    }

    /** What the platter holds after a power loss. */
    TreeMap<String, String> afterPowerLoss() throws IOException {
      host.losePower();
      Volume volume = VolumeFixture.open(platter.image().device());
      TreeMap<String, String> found = VolumeStory.read(volume);
      assertEquals(List.of(), VolumeScrub.run(volume, VolumeStory::walk).findings());
      return found;
    }
  }

  /** A volume with some content, closed. */
  private static TreeMap<String, String> fill(ImageBlockDevice device) throws IOException {
    try (Volume volume = VolumeFixture.open(device)) {
      VolumeStory story = new VolumeStory(volume, new TreeMap<>(), SEED);
      for (int i = 0; i < 60; i++) {
        story.transact();
        volume.seal();
      }
      return story.state();
    }
  }

  private static VolumeStory story(Volume volume, TreeMap<String, String> state) {
    return new VolumeStory(volume, state, SEED + 1);
  }

  /** Few nodes cached, so that there is much to read. */
  private static Volume open(Machine machine) throws IOException {
    return Volume.open(machine.medium, new VolumeConfig(1, 1024, false));
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aFailureIsToldAndNothingPromisedIsLost(Operation operation) throws IOException {
    ImageBlockDevice device = VolumePowerLossTest.formatted(JOURNAL_BYTES).device();
    TreeMap<String, String> state = fill(device);
    DeviceImage image = device.image();
    Machine sound = new Machine(image, state, Survivors.NONE, 0);
    Volume soundVolume = open(sound);
    sound.work(soundVolume, story(soundVolume, state));
    long operations = sound.medium.count(operation);
    long stride = Boolean.getBoolean("telosfs.long") ? 1 : Math.max(1, operations / 60);
    int tried = 0;
    for (long nth = 1; nth <= operations; nth += stride) {
      for (Span span : Span.values()) {
        for (Survivors survivors : Survivors.values()) {
          Machine machine = new Machine(image, state, survivors, nth);
          machine.medium.fail(operation, nth, span);
          String what = operation + " " + nth + " " + span + ", survivors " + survivors;
          tried++;
          run(machine, state, operation, span, what);
          TreeMap<String, String> found = machine.afterPowerLoss();
          assertTrue(machine.allowed.contains(found), () -> what + " leaves " + found);
        }
      }
    }
    System.out.println(
        "volume: " + tried + " failures of the " + operations + " of " + operation + " tried");
  }

  private static void run(
      Machine machine, TreeMap<String, String> state, Operation operation, Span span, String what)
      throws IOException {
    Volume volume;
    try {
      volume = open(machine);
    } catch (IOException refused) {
      assertTrue(machine.medium.struck() > 0, () -> what + ": " + refused);
      return;
    }
    VolumeStory story = story(volume, state);
    machine.work(volume, story);
    if (operation != Operation.READ || span == Span.ONCE) {
      assertEquals(story.state(), VolumeStory.read(volume), what + ": reads go on");
    }
    if (operation == Operation.FLUSH && machine.medium.struck() > 0) {
      machine.medium.heal();
      assertThrows(
          VolumeFailedException.class,
          () -> {
            try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
              tx.put(VolumeFixture.key("late"), new byte[1]);
              tx.commit();
            }
          },
          what + ": nothing is promised after a failed flush");
      assertEquals(story.state(), VolumeStory.read(volume), what + ": reads still go on");
    }
  }

  @Test
  void theFirstFailureIsNamedLaterOn() throws IOException {
    ImageBlockDevice device = VolumePowerLossTest.formatted(JOURNAL_BYTES).device();
    FailingBlockDevice medium = new FailingBlockDevice(device);
    Volume volume = VolumeFixture.open(medium);
    VolumeFixture.put(volume, "a", "1");
    medium.fail(Operation.FLUSH, 1, Span.ONCE);
    assertThrows(IOException.class, () -> VolumeFixture.sync(volume));
    VolumeFailedException later =
        assertThrows(VolumeFailedException.class, () -> VolumeFixture.put(volume, "b", "2"));
    assertTrue(later.getMessage().contains("FLUSH"), later::getMessage);
    assertEquals("1", VolumeFixture.get(volume, "a"));
    assertThrows(VolumeFailedException.class, volume::close);
  }

  @Test
  void aReadErrorHarmsNothingElse() throws IOException {
    ImageBlockDevice device = VolumePowerLossTest.formatted(JOURNAL_BYTES).device();
    TreeMap<String, String> state = fill(device);
    FailingBlockDevice sound = new FailingBlockDevice(device.image().device());
    Volume soundVolume = Volume.open(sound, new VolumeConfig(1, 1024, false));
    sound.heal();
    VolumeStory.read(soundVolume);
    long reads = sound.count(Operation.READ);
    assertTrue(reads > 10, () -> reads + " reads");
    for (long nth = 1; nth <= reads; nth++) {
      FailingBlockDevice medium = new FailingBlockDevice(device.image().device());
      Volume volume = Volume.open(medium, new VolumeConfig(1, 1024, false));
      medium.fail(Operation.READ, nth, Span.ONCE);
      assertThrows(FailingBlockDevice.MediumException.class, () -> VolumeStory.read(volume));
      assertEquals(state, VolumeStory.read(volume));
      VolumeStory again = story(volume, state);
      again.transact();
      volume.close();
    }
  }
}
