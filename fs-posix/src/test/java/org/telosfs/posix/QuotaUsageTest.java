package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.Chronicle;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.Key;
import org.telosfs.block.PowerLossSweep;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.QuotaRecord;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;

/** Usage is the sum over the inodes, whatever was done, and whenever power is lost. */
class QuotaUsageTest {
  private static final int SECTOR_BYTES = 512;
  private static final long DEVICE_BYTES = 16 << 20;
  private static final int STEPS = Boolean.getBoolean("telosfs.long") ? 60_000 : 4_000;
  private static final QuotaSubject USER = QuotaSubject.user(1000);
  private static final String[] DIRECTORIES = {"", "p", "q"};

  /** Sets or takes away some quota, tight enough to be met now and then. */
  private static void changeQuotas(VfsSession session, PosixFileSystem tree, Random random)
      throws FsException {
    QuotaLimits limits = new QuotaLimits(random.nextInt(300), random.nextInt(60));
    String path = DIRECTORIES[random.nextInt(DIRECTORIES.length)];
    if (random.nextInt(4) == 0) {
      tree.quotas().set(random.nextBoolean() ? USER : QuotaSubject.group(100), limits);
    } else if (session.walk().exists(path) && session.walk().stat(path).isDirectory()) {
      InodeNumber directory = session.walk().inode(path);
      if (random.nextInt(3) == 0) {
        tree.quotas().removeDirectory(directory);
      } else {
        tree.quotas().setDirectory(directory, limits);
      }
    }
  }

  /** Nothing waits: what is reported is what the map has, and that is what the inodes make. */
  private static void assertExact(Volume volume, PosixFileSystem tree) throws IOException {
    TreeHealth.assertConsistent(volume);
    for (QuotaReport report : tree.quotas().list()) {
      byte[] row = volume.view().get(Key.of(PosixKeys.quota(report.subject())));
      assertTrue(row != null, () -> "no row of " + report);
      QuotaRecord record = QuotaRecord.decode(row);
      assertEquals(new QuotaUsage(record.blocks(), record.inodes()), report.usage());
    }
  }

  private static Volume open(BlockDevice device) throws IOException {
    return Volume.open(device, VolumeConfig.deterministic());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void isExactUnderRandomOperations(long seed) throws IOException, FsException {
    ManualClock clock = new ManualClock();
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, 4 * DEVICE_BYTES).device();
    PosixFixture.format(device, clock);
    Random random = new Random(seed);
    Volume volume = open(device);
    PosixFileSystem tree = PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
    VfsSession session = new VfsSession(tree);
    int at = 0;
    int refused = 0;
    for (VfsOperation operation : VfsOperation.sequence(seed, STEPS)) {
      clock.tick();
      refused += operation.applyTo(session).equals("EDQUOT") ? 1 : 0;
      at++;
      if (at % 25 == 0) {
        tree.endEpoch();
        assertExact(volume, tree);
      }
      if (at % 90 == 0) {
        changeQuotas(session, tree, random);
      }
      if (at % 600 == 0) {
        session.releaseAll();
        tree.close();
        volume = open(device);
        tree = PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
        session = new VfsSession(tree);
      }
    }
    session.releaseAll();
    tree.close();
    int met = refused;
    assertTrue(met > 10, () -> "quotas were met " + met + " times");
  }

  private static TreeSnapshot snapshot(PosixFileSystem tree) throws FsException {
    return TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED);
  }

  /** Mounts, looks at everything, works on with quotas, and unmounts. */
  private static void live(
      BlockDevice device, int number, Chronicle<TreeSnapshot> chronicle, long seed)
      throws IOException, FsException {
    ManualClock clock = new ManualClock();
    Volume volume = open(device);
    TreeHealth.assertConsistent(volume);
    PosixFileSystem tree = PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
    chronicle.recovered(snapshot(tree));
    tree.endEpoch();
    assertExact(volume, tree);
    if (!chronicle.isFollowed()) {
      return;
    }
    VfsSession session = new VfsSession(tree);
    Random random = new Random(seed * 17 + number);
    int at = 0;
    for (VfsOperation operation :
        VfsOperation.sequence(seed * 37 + number, number == 0 ? 500 : 40)) {
      clock.tick();
      int position = chronicle.position();
      operation.applyTo(session);
      chronicle.possible(snapshot(tree), position);
      at++;
      if (at % 12 == 0) {
        tree.endEpoch();
      }
      if (at % 35 == 0) {
        changeQuotas(session, tree, random);
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void isExactAfterEveryPowerLoss(long seed) throws IOException, FsException {
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, DEVICE_BYTES).device();
    PosixFileSystem fresh = PosixFixture.fresh(device, new ManualClock());
    VfsSession session = new VfsSession(fresh);
    session.walk().directory("p");
    session.walk().directory("q");
    fresh.quotas().set(USER, new QuotaLimits(100, 40));
    fresh.quotas().setDirectory(session.walk().inode("p"), new QuotaLimits(200, 60));
    fresh.close();
    DeviceImage base = device.image();
    TreeSnapshot empty = snapshot(PosixFixture.mount(base.device(), new ManualClock()));
    new PowerLossSweep<>(
            "quotas",
            base,
            empty,
            (platter, number, chronicle) -> live(platter, number, chronicle, seed),
            seed,
            PowerLossSweep.budget(1_500, 12_000))
        .run();
  }
}
