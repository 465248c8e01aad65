package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;

/**
 * A full tree says ENOSPC and is as it was; what it accepted it keeps; and it can always be
 * emptied. Each operation is tried with 0, 1, 2, ... free blocks until it succeeds.
 */
class PosixFullDiskTest {
  private static final int SECTOR_BYTES = 512;
  private static final long DEVICE_BYTES = 6 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final int MOST_FREE_BLOCKS = 150;
  private static final String FULL = Errno.ENOSPC.name();

  private static DeviceImage empty;
  private static DeviceImage full;
  private static long fillerBytes;

  /** A mounted tree on a device of its own. */
  private static final class Mounted {
    final Volume volume;
    final PosixFileSystem tree;
    final VfsSession session;

    Mounted(BlockDevice device) throws IOException {
      volume = Volume.open(device, VolumeConfig.deterministic());
      tree = PosixFileSystem.open(volume, PosixConfig.deterministic(new ManualClock()));
      session = new VfsSession(tree);
    }

    String run(VfsOperation operation) {
      return operation.applyTo(session);
    }

    void mustRun(VfsOperation operation) {
      String result = run(operation);
      assertEquals(VfsOperation.DONE, result.length() > 6 ? VfsOperation.DONE : result, result);
    }

    TreeSnapshot snapshot() throws FsException {
      return TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED);
    }
  }

  @BeforeAll
  static void fill() throws IOException, FsException {
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, DEVICE_BYTES).device();
    PosixFixture.format(device, new ManualClock());
    Mounted mounted = new Mounted(device);
    VfsSession session = mounted.session;
    session.walk().directory("dir");
    session.walk().directory("empty");
    session.walk().file("dir/old", "some text");
    session.walk().file("victim");
    mounted.mustRun(new VfsOperation.Write("victim", 0, 5 * BLOCK_BYTES, 1, false));
    mounted.mustRun(new VfsOperation.Write("victim", 40 * BLOCK_BYTES, 100, 2, false));
    session.walk().file("other", "other text");
    session.walk().file("filler");
    mounted.run(new VfsOperation.SetXattr("victim", "user.x", 500, 3, XattrMode.SET));
    mounted.run(new VfsOperation.SetXattr("victim", "security.capability", 20, 3, XattrMode.SET));
    session.walk().directory("heir");
    mounted.run(new VfsOperation.SetAcl("heir", AclKind.DEFAULT, list(5), false));
    mounted.run(new VfsOperation.SetAcl("dir/old", AclKind.ACCESS, list(5), false));
    mounted.tree.close();
    empty = device.image();
    mounted = new Mounted(device);
    long before = -1;
    while (before != fillerBytes) {
      before = fillerBytes;
      while (mounted
          .run(new VfsOperation.Write("filler", fillerBytes, BLOCK_BYTES, 4, false))
          .equals("wrote " + BLOCK_BYTES)) {
        fillerBytes += BLOCK_BYTES;
      }
      mounted.tree.syncAll();
    }
    mounted.tree.close();
    full = device.image();
    assertTrue(fillerBytes > DEVICE_BYTES / 3, () -> fillerBytes + " bytes fit");
  }

  private static List<AclEntry> list(int users) {
    List<AclEntry> entries = new ArrayList<>();
    entries.add(AclEntry.of(AclEntry.Tag.OWNER, 7));
    for (int user = 0; user < users; user++) {
      entries.add(new AclEntry(AclEntry.Tag.USER, 7, user));
    }
    entries.add(AclEntry.of(AclEntry.Tag.OWNING_GROUP, 5));
    entries.add(AclEntry.of(AclEntry.Tag.MASK, 7));
    entries.add(AclEntry.of(AclEntry.Tag.OTHERS, 0));
    return entries;
  }

  static Stream<VfsOperation> growing() {
    return Stream.of(
        new VfsOperation.MakeFile("new", 0644, Caller.ROOT),
        new VfsOperation.MakeDirectory("dir/new", 0755, Caller.ROOT),
        new VfsOperation.MakeSymlink("new", "x".repeat(2000)),
        new VfsOperation.Link("victim", "dir/new"),
        new VfsOperation.Rename("dir/old", "new", RenameMode.NO_REPLACE),
        new VfsOperation.Rename("dir/old", "victim", RenameMode.EXCHANGE),
        new VfsOperation.SetXattr("other", "user.y", 3000, 5, XattrMode.SET),
        new VfsOperation.SetXattr("victim", "user.x", 3000, 5, XattrMode.SET),
        new VfsOperation.SetAcl("other", AclKind.ACCESS, list(400), true),
        new VfsOperation.MakeDirectory("heir/new", 0777, Caller.ROOT),
        new VfsOperation.Change("dir/old", AttributeChange.permissions(0600)),
        new VfsOperation.Change("other", AttributeChange.permissions(0600)),
        new VfsOperation.Change("other", AttributeChange.size(1 << 20)),
        new VfsOperation.Write("other", 0, 1, 6, false),
        new VfsOperation.Write("other", 1000, 20 * BLOCK_BYTES, 6, false),
        new VfsOperation.Write("victim", BLOCK_BYTES, 3 * BLOCK_BYTES, 6, true),
        new VfsOperation.Write("victim", 20 * BLOCK_BYTES, 2 * BLOCK_BYTES, 6, false),
        new VfsOperation.Copy("victim", 0, "other", 10, 5 * BLOCK_BYTES),
        new VfsOperation.Allocate("other", AllocateMode.ALLOCATE, 0, 30 * BLOCK_BYTES),
        new VfsOperation.Allocate("victim", AllocateMode.PUNCH_HOLE, 100, 3 * BLOCK_BYTES),
        new VfsOperation.Allocate("victim", AllocateMode.ZERO_RANGE, 100, 3 * BLOCK_BYTES));
  }

  @ParameterizedTest
  @MethodSource("growing")
  void succeedsOrChangesNothing(VfsOperation operation) throws IOException, FsException {
    String expected = new Mounted(empty.device()).run(operation);
    for (int free = 0; free <= MOST_FREE_BLOCKS; free++) {
      ImageBlockDevice device = full.device();
      Mounted mounted = new Mounted(device);
      if (free > 0) {
        long left = fillerBytes - (long) free * BLOCK_BYTES;
        mounted.run(new VfsOperation.Change("filler", AttributeChange.size(left)));
        mounted.tree.syncAll();
      }
      TreeSnapshot before = mounted.snapshot();
      String result = mounted.run(operation);
      TreeSnapshot after = mounted.snapshot();
      if (result.equals(FULL)) {
        assertEquals(List.of(), before.differencesTo(after), free + " blocks free");
      }
      keeps(mounted, after, device);
      if (result.equals(expected)) {
        return;
      }
      boolean isShort = result.startsWith("wrote") || result.startsWith("copied");
      assertTrue(isShort || result.equals(FULL), free + " blocks free: " + result);
    }
    fail(operation + " finds no room in " + MOST_FREE_BLOCKS + " free blocks");
  }

  /** What was accepted becomes durable, and is there after a remount; nothing leaks. */
  private static void keeps(Mounted mounted, TreeSnapshot state, ImageBlockDevice device)
      throws IOException, FsException {
    mounted.tree.syncAll();
    DeviceImage killed = device.image();
    mounted.tree.close();
    for (DeviceImage image : List.of(killed, device.image())) {
      Mounted again = new Mounted(image.device());
      assertEquals(List.of(), state.differencesTo(again.snapshot()));
      TreeHealth.assertConsistentWithoutOrphans(again.volume);
      again.tree.endEpoch();
      TreeHealth.assertScrubbed(again.volume);
    }
  }

  static Stream<VfsOperation> shrinking() {
    return Stream.of(
        new VfsOperation.Unlink("victim"),
        new VfsOperation.Unlink("filler"),
        new VfsOperation.RemoveDirectory("empty"),
        new VfsOperation.Change("victim", AttributeChange.size(0)),
        new VfsOperation.Change("filler", AttributeChange.size(BLOCK_BYTES)),
        new VfsOperation.Change("filler", AttributeChange.size(0)),
        new VfsOperation.Rename("other", "victim", RenameMode.REPLACE),
        new VfsOperation.Rename("dir/old", "filler", RenameMode.REPLACE),
        new VfsOperation.RemoveXattr("victim", "user.x"),
        new VfsOperation.RemoveXattr("heir", "system.posix_acl_default"));
  }

  @ParameterizedTest
  @MethodSource("shrinking")
  void canAlwaysBeEmptied(VfsOperation operation) throws IOException, FsException {
    String expected = new Mounted(empty.device()).run(operation);
    ImageBlockDevice device = full.device();
    Mounted mounted = new Mounted(device);
    assertEquals(expected, mounted.run(operation));
    keeps(mounted, mounted.snapshot(), device);
  }

  @Test
  void aTreeFullOfNamesCanBeEmptiedAndFilledAgain() throws IOException, FsException {
    ImageBlockDevice device = empty.device();
    Mounted mounted = new Mounted(device);
    int first = fillWithNames(mounted);
    keeps(mounted, mounted.snapshot(), device);
    mounted = new Mounted(device);
    for (int i = 0; i < first; i++) {
      assertEquals(VfsOperation.DONE, mounted.run(new VfsOperation.Unlink("n" + i)));
    }
    mounted.tree.syncAll();
    int second = fillWithNames(mounted);
    assertTrue(second > first * 9 / 10, () -> first + " names, then " + second);
    keeps(mounted, mounted.snapshot(), device);
  }

  private static int fillWithNames(Mounted mounted) {
    int count = 0;
    while (true) {
      String result = mounted.run(new VfsOperation.MakeFile("n" + count, 0644, Caller.ROOT));
      if (result.equals(FULL)) {
        return count;
      }
      assertTrue(result.startsWith("["), result);
      count++;
    }
  }

  @Test
  void aFullTreeTakesWhatWasFreedOnceThatIsDurable() throws IOException, FsException {
    ImageBlockDevice device = full.device();
    Mounted mounted = new Mounted(device);
    for (int i = 0; i < 20; i++) {
      mounted.run(new VfsOperation.Change("filler", AttributeChange.size(0)));
      long at = 0;
      while (mounted
          .run(new VfsOperation.Write("filler", at, 16 * BLOCK_BYTES, i, false))
          .equals("wrote " + 16 * BLOCK_BYTES)) {
        at += 16 * BLOCK_BYTES;
      }
      long had = at;
      assertTrue(had > fillerBytes * 9 / 10, () -> had + " of " + fillerBytes + " bytes fit");
      mounted.tree.syncAll();
    }
    keeps(mounted, mounted.snapshot(), device);
  }
}
