package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.Chronicle;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.NoFlushBlockDevice;
import org.telosfs.block.PowerLossSweep;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;

/** After a power loss a tree shows a prefix of all operations, at least everything fsynced. */
class PosixPowerLossTest {
  private static final int SECTOR_BYTES = 512;
  private static final long DEVICE_BYTES = 16 << 20;
  private static final long BLOCKS_LEFT_WHEN_CROWDED = 60;
  private static final long STEP_BYTES = 8 * 4096;
  private static final int OPERATIONS_OF_FIRST_LIFE = 1_000;
  private static final int OPERATIONS_OF_SECOND_LIFE = 40;

  private static PowerLossSweep<TreeSnapshot> sweep(
      long seed, int budget, PowerLossSweep.Life<TreeSnapshot> life)
      throws IOException, FsException {
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, DEVICE_BYTES).device();
    PosixFileSystem fresh = PosixFixture.fresh(device, new ManualClock());
    if (seed % 2 == 0) {
      crowd(fresh);
    }
    fresh.close();
    DeviceImage base = device.image();
    TreeSnapshot empty = snapshot(PosixFixture.mount(base.device(), new ManualClock()));
    return new PowerLossSweep<>("posix", base, empty, life, seed, budget);
  }

  /** Takes most of the space, so that it soon runs out and what is freed is soon used again. */
  private static void crowd(PosixFileSystem tree) throws FsException {
    VfsSession session = new VfsSession(tree);
    session.walk().file("ballast");
    long at = 0;
    String result = VfsOperation.DONE;
    while (result.equals(VfsOperation.DONE)
        && tree.statfs(Caller.ROOT).availableBlocks() > BLOCKS_LEFT_WHEN_CROWDED) {
      VfsOperation more =
          new VfsOperation.Allocate("ballast", AllocateMode.ALLOCATE_KEEP_SIZE, at, STEP_BYTES);
      result = more.applyTo(session);
      at += STEP_BYTES;
    }
  }

  private static TreeSnapshot snapshot(PosixFileSystem tree) throws FsException {
    return TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED);
  }

  /** Mounts, looks at everything, works on, and unmounts. */
  private static void live(
      BlockDevice device, int number, Chronicle<TreeSnapshot> chronicle, long seed)
      throws IOException, FsException {
    ManualClock clock = new ManualClock();
    Volume volume = Volume.open(device, VolumeConfig.deterministic());
    TreeHealth.assertConsistent(volume);
    PosixFileSystem tree = PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
    chronicle.recovered(snapshot(tree));
    TreeHealth.assertConsistentWithoutOrphans(volume);
    tree.endEpoch();
    TreeHealth.assertScrubbed(volume);
    if (!chronicle.isFollowed()) {
      return;
    }
    VfsSession session = new VfsSession(tree);
    int count = number == 0 ? OPERATIONS_OF_FIRST_LIFE : OPERATIONS_OF_SECOND_LIFE;
    int at = 0;
    for (VfsOperation operation : VfsOperation.sequence(seed * 31 + number, count)) {
      clock.tick();
      int position = chronicle.position();
      String result = operation.applyTo(session);
      chronicle.possible(snapshot(tree), position);
      if (operation instanceof VfsOperation.Sync && result.equals(VfsOperation.DONE)) {
        chronicle.survives();
      }
      at++;
      if (at % 12 == 0) {
        tree.endEpoch();
      }
      if (at % 30 == 0) {
        tree.syncAll();
        chronicle.survives();
      }
      if (at % 130 == 0) {
        volume.checkpoint();
      }
    }
    session.releaseAll();
    tree.close();
    chronicle.survives();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, PowerLossSweep.budget(2, 20));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPowerLossLeavesAPrefix(long seed) throws IOException, FsException {
    int budget = PowerLossSweep.budget(4_500, 21_000);
    sweep(seed, budget, (device, number, chronicle) -> live(device, number, chronicle, seed)).run();
  }

  @Test
  void withoutFlushesThePromiseIsBroken() throws IOException, FsException {
    PowerLossSweep<TreeSnapshot> sweep =
        sweep(
            1,
            4_000,
            (device, number, chronicle) ->
                live(new NoFlushBlockDevice(device), number, chronicle, 1));
    assertThrows(AssertionError.class, sweep::run);
  }
}
