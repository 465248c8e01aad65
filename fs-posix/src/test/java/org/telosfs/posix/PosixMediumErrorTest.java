package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;

/** A medium that fails: EIO, then read-only; reads go on; what was fsynced is kept. */
class PosixMediumErrorTest {
  private static final int SECTOR_BYTES = 512;
  private static final long DEVICE_BYTES = 16 << 20;
  private static final long SEED = 3;
  private static final int OPERATIONS = 400;
  private static final Set<String> FAILURES = Set.of(Errno.EIO.name(), Errno.EROFS.name());

  /** A tree on a medium that may fail, above a host that may lose power. */
  private static final class Machine {
    final ManualClock clock = new ManualClock();
    final ImageBlockDevice platter;
    final CrashingBlockDevice host;
    final FailingBlockDevice medium;

    /** What may be found after a power loss. */
    final List<TreeSnapshot> allowed = new ArrayList<>();

    /** What was seen after each operation. */
    final List<TreeSnapshot> seen = new ArrayList<>();

    Machine(DeviceImage image, Survivors survivors, long seed) {
      platter = image.device();
      host = new CrashingBlockDevice(platter, Long.MAX_VALUE, survivors, seed);
      medium = new FailingBlockDevice(host, host::forgetUnflushed);
    }

    PosixFileSystem mount() throws IOException {
      Volume volume = Volume.open(medium, new VolumeConfig(1, 1024, false));
      return PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
    }

    TreeSnapshot snapshot(PosixFileSystem tree) throws FsException {
      medium.exempt(true);
      TreeSnapshot snapshot = TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED);
      medium.exempt(false);
      return snapshot;
    }

    /** Works as long as the medium lets it; {@code sound} is what a sound medium showed. */
    void work(PosixFileSystem tree, List<TreeSnapshot> sound) throws FsException {
      VfsSession session = new VfsSession(tree);
      allowed.add(snapshot(tree));
      List<VfsOperation> operations = VfsOperation.sequence(SEED, OPERATIONS);
      for (int i = 0; i < operations.size(); i++) {
        clock.tick();
        String result = operations.get(i).applyTo(session);
        assertTrue(medium.struck() > 0 || !FAILURES.contains(result), result);
        boolean known = medium.struck() == 0 && i < sound.size();
        TreeSnapshot now = known ? sound.get(i) : snapshot(tree);
        seen.add(now);
        allowed.add(now);
        boolean synced =
            operations.get(i) instanceof VfsOperation.Sync && result.equals(VfsOperation.DONE);
        if (synced || (i % 20 == 19 && syncs(tree))) {
          allowed.clear();
          allowed.add(now);
        }
      }
    }

    private boolean syncs(PosixFileSystem tree) {
      try {
        tree.syncAll();
        return true;
      } catch (FsException refused) {
        assertTrue(medium.struck() > 0, refused::toString);
        assertTrue(FAILURES.contains(refused.errno().name()), refused::toString);
        return false;
      }
    }

    TreeSnapshot afterPowerLoss() throws IOException, FsException {
      host.losePower();
      return TreeSnapshot.of(
          PosixFixture.mount(platter.image().device(), clock), TreeSnapshot.Times.MODIFIED);
    }
  }

  /** The failures that are logged here are all meant. */
  private static final Logger HEALTH = Logger.getLogger(MountHealth.class.getName());

  @BeforeAll
  static void quiet() {
    HEALTH.setLevel(Level.OFF);
  }

  @AfterAll
  static void aloud() {
    HEALTH.setLevel(null);
  }

  private static DeviceImage formatted() throws IOException {
    return DeviceImage.madeBy(
        SECTOR_BYTES, DEVICE_BYTES, device -> PosixFixture.format(device, new ManualClock()));
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void aFailureIsToldAndNothingFsyncedIsLost(Operation operation) throws IOException, FsException {
    DeviceImage image = formatted();
    Machine sound = new Machine(image, Survivors.NONE, 0);
    sound.work(sound.mount(), List.of());
    long count = sound.medium.count(operation);
    long stride = Boolean.getBoolean("telosfs.long") ? 1 : Math.max(1, count / 20);
    int tried = 0;
    for (long nth = 1; nth <= count; nth += stride) {
      for (Span span : Span.values()) {
        for (Survivors survivors : List.of(Survivors.NONE, Survivors.SOME)) {
          Machine machine = new Machine(image, survivors, nth);
          machine.medium.fail(operation, nth, span);
          String what = operation + " " + nth + " " + span + ", survivors " + survivors;
          tried++;
          if (!lives(machine, sound.seen, what)) {
            continue;
          }
          TreeSnapshot found = machine.afterPowerLoss();
          assertTrue(
              machine.allowed.contains(found),
              () ->
                  what
                      + " leaves something else than the newest: "
                      + machine.allowed.get(machine.allowed.size() - 1).differencesTo(found));
        }
      }
    }
    System.out.println(
        "posix: " + tried + " failures of the " + count + " of " + operation + " tried");
  }

  /** False if the medium failed before anything was mounted. */
  private static boolean lives(Machine machine, List<TreeSnapshot> sound, String what)
      throws FsException {
    PosixFileSystem tree;
    try {
      tree = machine.mount();
    } catch (IOException refused) {
      assertTrue(machine.medium.struck() > 0, () -> what + ": " + refused);
      return false;
    }
    machine.work(tree, sound);
    TreeSnapshot before = machine.snapshot(tree);
    if (tree.stats().readOnlyReason() != null) {
      machine.medium.heal();
      assertThrows(FsException.class, tree::syncAll, what + ": no later sync pretends");
      assertEquals(before, machine.snapshot(tree), what + ": reads go on");
    }
    return true;
  }

  @Test
  void failedFlushMakesTheMountReadOnly() throws IOException, FsException {
    Machine machine = new Machine(formatted(), Survivors.NONE, 0);
    PosixFileSystem tree = machine.mount();
    VfsSession session = new VfsSession(tree);
    InodeNumber kept = session.walk().file("kept", "kept text");
    tree.syncAll();
    InodeNumber lost = session.walk().file("lost", "lost text");
    machine.medium.fail(Operation.FLUSH, 1, Span.ONCE);
    assertEquals(Errno.EIO.name(), new VfsOperation.Sync("lost", false).applyTo(session));
    assertEquals(
        Errno.EROFS.name(), new VfsOperation.Write("kept", 0, 1, 0, false).applyTo(session));
    assertEquals(Errno.EROFS.name(), new VfsOperation.Unlink("kept").applyTo(session));
    assertTrue(
        FAILURES.contains(new VfsOperation.Sync("lost", false).applyTo(session)),
        "no later fsync pretends");
    assertNotNull(tree.stats().readOnlyReason());
    assertEquals("kept text", session.walk().text(kept));
    assertEquals("lost text", session.walk().text(lost));
    assertThrows(IOException.class, tree::close);
    machine.host.losePower();
    PosixFileSystem again = PosixFixture.mount(machine.platter, machine.clock);
    VfsSession later = new VfsSession(again);
    assertEquals("kept text", later.walk().text(later.walk().inode("kept")));
    assertTrue(!later.walk().exists("lost"));
    again.close();
  }

  @Test
  void readsGoOn() throws IOException, FsException {
    Machine machine = new Machine(formatted(), Survivors.ALL, 0);
    PosixFileSystem tree = machine.mount();
    VfsSession session = new VfsSession(tree);
    InodeNumber file = session.walk().file("file");
    session.walk().write(file, 0, new byte[1 << 18]);
    tree.syncAll();
    machine.medium.fail(Operation.READ, 1, Span.ONCE);
    assertEquals(Errno.EIO.name(), new VfsOperation.Read("file", 0, 1 << 18).applyTo(session));
    assertEquals(1 << 18, session.walk().read(file, 0, 1 << 18).length);
    assertEquals(null, tree.stats().readOnlyReason());
    session.walk().write(file, 0, "still writable");
    tree.close();
  }
}
