package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.StatFs;

/** Who uses more than his quota is refused with EDQUOT, and nothing has changed. */
class QuotaTest {
  private static final int BLOCK = 4096;
  private static final long DEVICE_BYTES = 64L << 20;
  private static final int UID = 1000;
  private static final int GID = 2000;
  private static final Caller USER = new Caller(UID, GID, 1, 0);
  private static final QuotaSubject USERS = QuotaSubject.user(UID);
  private static final QuotaSubject GROUPS = QuotaSubject.group(GID);

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

  // ---- what is done

  private InodeNumber file(Caller caller, String path) throws FsException {
    return released(
        tree.mknod(caller, walk.above(path), PathWalk.name(path), FileType.REGULAR, 0644, 0));
  }

  private InodeNumber released(Entry made) {
    tree.forget(made.inode(), 1);
    return made.inode();
  }

  private void write(Caller caller, InodeNumber file, int block, int blocks) throws FsException {
    tree.write(
        caller,
        file,
        FileHandle.NONE,
        (long) block * BLOCK,
        ByteBuffer.allocate(blocks * BLOCK),
        PrivilegeLoss.NONE);
  }

  private void allocate(Caller caller, InodeNumber file, AllocateMode mode, int block, int blocks)
      throws FsException {
    tree.allocate(caller, file, FileHandle.NONE, mode, (long) block * BLOCK, (long) blocks * BLOCK);
  }

  private void chown(Caller caller, InodeNumber file, int uid, int gid) throws FsException {
    tree.setattr(caller, file, AttributeChange.owner(uid, gid));
  }

  // ---- what is seen

  private QuotaUsage usage(QuotaSubject subject) {
    for (QuotaReport report : tree.quotas().list()) {
      if (report.subject().equals(subject)) {
        return report.usage();
      }
    }
    return QuotaUsage.NOTHING;
  }

  private QuotaUsage usageOf(InodeNumber directory) {
    for (QuotaReport report : tree.quotas().list()) {
      if (report.directory() == directory.value()) {
        return report.usage();
      }
    }
    throw new AssertionError("no quota of " + directory);
  }

  private void refused(Errno errno, Executable operation) {
    List<QuotaReport> before = tree.quotas().list();
    FsException refusal = assertThrows(FsException.class, operation);
    assertEquals(errno, refusal.errno());
    assertEquals(before, tree.quotas().list());
  }

  private void refused(Executable operation) {
    refused(Errno.EDQUOT, operation);
  }

  // ---- users and groups

  @Test
  void nothingIsCountedBeforeTheFirstQuota() throws FsException {
    file(USER, "f");
    assertEquals(List.of(), tree.quotas().list());
  }

  @Test
  void whatIsThereWhenTheFirstQuotaIsSetIsCounted() throws FsException, IOException {
    write(USER, file(USER, "f"), 0, 3);
    walk.directory("d");
    tree.quotas().set(QuotaSubject.user(77), QuotaLimits.of(1 << 20, 0));
    assertEquals(new QuotaUsage(3, 1), usage(USERS));
    assertEquals(new QuotaUsage(3, 1), usage(GROUPS));
    assertEquals(new QuotaUsage(2, 2), usage(QuotaSubject.user(0)));
    remount();
    assertEquals(new QuotaUsage(3, 1), usage(USERS));
  }

  @Test
  void aUserWritesUpToHisQuota() throws FsException {
    tree.quotas().set(USERS, QuotaLimits.of(4 * BLOCK, 0));
    InodeNumber file = file(USER, "f");
    write(USER, file, 0, 4);
    refused(() -> write(USER, file, 4, 1));
    write(USER, file, 0, 4);
    tree.endEpoch();
    write(USER, file, 1, 2);
    refused(() -> write(USER, file, 3, 2));
    tree.syncAll();
    assertEquals(4L * BLOCK, walk.stat("f").sizeBytes());
    tree.setattr(USER, file, AttributeChange.size(BLOCK));
    assertEquals(new QuotaUsage(1, 1), usage(USERS));
    write(USER, file, 10, 3);
    refused(() -> write(USER, file, 20, 1));
  }

  @Test
  void whatWasAcceptedNeverMeetsTheQuotaLater() throws FsException {
    tree.quotas().set(USERS, QuotaLimits.of(8 * BLOCK, 0));
    InodeNumber first = file(USER, "a");
    InodeNumber second = file(USER, "b");
    write(USER, first, 0, 5);
    refused(() -> write(USER, second, 0, 4));
    write(USER, second, 0, 3);
    tree.syncAll();
    assertEquals(new QuotaUsage(8, 2), usage(USERS));
  }

  @Test
  void loweringALimitRefusesGrowthAlone() throws FsException {
    tree.quotas().set(USERS, QuotaLimits.of(9 * BLOCK, 0));
    InodeNumber file = file(USER, "f");
    write(USER, file, 0, 6);
    tree.quotas().set(USERS, QuotaLimits.of(2 * BLOCK, 0));
    write(USER, file, 0, 6);
    refused(() -> write(USER, file, 6, 1));
    tree.setattr(USER, file, AttributeChange.size(3 * BLOCK));
    refused(() -> write(USER, file, 3, 1));
    tree.setattr(USER, file, AttributeChange.size(BLOCK));
    write(USER, file, 1, 1);
  }

  @Test
  void everyKindOfInodeCounts() throws FsException {
    tree.quotas().set(USERS, new QuotaLimits(0, 4));
    FileName name = FileName.of("new");
    file(USER, "a");
    released(tree.mkdir(USER, InodeNumber.ROOT, FileName.of("b"), 0755));
    released(tree.symlink(USER, InodeNumber.ROOT, FileName.of("c"), new byte[] {'x'}));
    released(tree.mknod(USER, InodeNumber.ROOT, FileName.of("d"), FileType.FIFO, 0644, 0));
    refused(() -> tree.mknod(USER, InodeNumber.ROOT, name, FileType.REGULAR, 0644, 0));
    refused(() -> tree.mknod(USER, InodeNumber.ROOT, name, FileType.SOCKET, 0644, 0));
    refused(() -> tree.mkdir(USER, InodeNumber.ROOT, name, 0755));
    refused(() -> tree.symlink(USER, InodeNumber.ROOT, name, new byte[] {'x'}));
    walk.link("a", "again");
    walk.unlink("a");
    assertFalse(walk.exists("new"));
    assertEquals(4, usage(USERS).inodes());
    walk.unlink("again");
    assertEquals(3, usage(USERS).inodes());
    file(USER, "new");
  }

  @Test
  void aFileThatIsOpenWithoutANameCounts() throws FsException {
    tree.quotas().set(USERS, new QuotaLimits(0, 1));
    Entry made = tree.mknod(USER, InodeNumber.ROOT, FileName.of("f"), FileType.REGULAR, 0644, 0);
    write(USER, made.inode(), 0, 2);
    walk.unlink("f");
    assertEquals(new QuotaUsage(2, 1), usage(USERS));
    refused(() -> file(USER, "g"));
    tree.forget(made.inode(), 1);
    assertEquals(QuotaUsage.NOTHING, usage(USERS));
    file(USER, "g");
  }

  @Test
  void filesWithoutANameAndWhiteoutsCount() throws FsException {
    tree.quotas().set(USERS, new QuotaLimits(0, 1));
    InodeNumber file = file(USER, "f");
    refused(() -> tree.tmpfile(USER, InodeNumber.ROOT, 0600, OpenFlags.READ_WRITE));
    FileName name = FileName.of("f");
    FileName other = FileName.of("g");
    refused(
        () ->
            tree.rename(
                USER, InodeNumber.ROOT, name, InodeNumber.ROOT, other, RenameMode.WHITEOUT));
    assertEquals(file, walk.inode("f"));
    assertFalse(walk.exists("g"));
  }

  @Test
  void fallocateCounts() throws FsException {
    tree.quotas().set(USERS, QuotaLimits.of(6 * BLOCK, 0));
    InodeNumber file = file(USER, "f");
    write(USER, file, 2, 2);
    refused(() -> allocate(USER, file, AllocateMode.ALLOCATE, 0, 7));
    allocate(USER, file, AllocateMode.ALLOCATE, 0, 6);
    assertEquals(6, usage(USERS).blocks());
    write(USER, file, 0, 6);
    tree.syncAll();
    refused(() -> allocate(USER, file, AllocateMode.ALLOCATE_KEEP_SIZE, 6, 1));
    allocate(USER, file, AllocateMode.ZERO_RANGE, 1, 4);
    refused(() -> allocate(USER, file, AllocateMode.ZERO_RANGE, 5, 2));
    allocate(USER, file, AllocateMode.PUNCH_HOLE, 1, 4);
    assertEquals(2, usage(USERS).blocks());
  }

  @Test
  void sharedBlocksCountForEachFile() throws FsException {
    tree.quotas().set(USERS, QuotaLimits.of(100 * BLOCK, 0));
    InodeNumber from = file(USER, "a");
    InodeNumber to = file(USER, "b");
    write(USER, from, 0, 60);
    write(USER, to, 0, 10);
    long bytes = 60L * BLOCK;
    refused(
        () -> tree.copyRange(USER, from, FileHandle.NONE, 0, to, FileHandle.NONE, bytes, bytes));
    assertEquals(
        40L * BLOCK,
        tree.copyRange(USER, from, FileHandle.NONE, 0, to, FileHandle.NONE, 0, 40L * BLOCK));
    assertEquals(new QuotaUsage(100, 2), usage(USERS));
    refused(() -> write(USER, to, 40, 1));
  }

  @Test
  void chownMovesUsage() throws FsException {
    QuotaSubject other = QuotaSubject.user(7);
    tree.quotas().set(other, QuotaLimits.of(5 * BLOCK, 0));
    InodeNumber file = file(USER, "f");
    write(USER, file, 0, 6);
    refused(() -> chown(new Caller(5, 5, 1, 0), file, 7, GID));
    tree.setattr(USER, file, AttributeChange.size(5 * BLOCK));
    write(USER, file, 0, 2);
    chown(new Caller(5, 5, 1, 0), file, 7, GID);
    assertEquals(new QuotaUsage(5, 1), usage(other));
    assertEquals(QuotaUsage.NOTHING, usage(USERS));
    assertEquals(new QuotaUsage(5, 1), usage(GROUPS));
  }

  @Test
  void rootMayExceedAUsersQuota() throws FsException {
    tree.quotas().set(USERS, new QuotaLimits(2, 1));
    InodeNumber file = file(USER, "f");
    write(Caller.ROOT, file, 0, 5);
    allocate(Caller.ROOT, file, AllocateMode.ALLOCATE, 5, 2);
    InodeNumber second = walk.file("g");
    chown(Caller.ROOT, second, UID, GID);
    assertEquals(new QuotaUsage(7, 2), usage(USERS));
    refused(() -> write(USER, file, 9, 1));
  }

  @Test
  void groupsHaveQuotasToo() throws FsException {
    tree.quotas().set(GROUPS, QuotaLimits.of(2 * BLOCK, 2));
    InodeNumber file = file(new Caller(3, GID, 1, 0), "f");
    write(USER, file, 0, 2);
    refused(() -> write(USER, file, 2, 1));
    file(USER, "g");
    refused(() -> file(USER, "h"));
    tree.quotas().remove(GROUPS);
    file(USER, "h");
    assertEquals(new QuotaUsage(2, 3), usage(GROUPS));
  }

  // ---- directories

  @Test
  void aDirectorysTreeHasAQuotaThatBindsRootToo() throws FsException, IOException {
    InodeNumber work = walk.directory("work");
    tree.quotas().setDirectory(work, new QuotaLimits(6, 4));
    walk.directory("work/sub");
    InodeNumber file = walk.file("work/sub/f");
    write(Caller.ROOT, file, 0, 4);
    refused(() -> write(Caller.ROOT, file, 4, 1));
    refused(() -> write(USER, file, 4, 1));
    walk.file("work/g");
    refused(() -> walk.file("work/h"));
    refused(() -> walk.directory("work/sub/h"));
    assertEquals(new QuotaUsage(6, 4), usageOf(work));
    write(Caller.ROOT, walk.file("elsewhere"), 0, 9);
    remount();
    assertEquals(new QuotaUsage(6, 4), usageOf(walk.inode("work")));
    refused(() -> walk.file("work/h"));
    walk.unlink("work/sub/f");
    walk.file("work/h");
    assertEquals(new QuotaUsage(2, 4), usageOf(walk.inode("work")));
  }

  @Test
  void whatADirectoryHoldsAlreadyIsCounted() throws FsException {
    walk.directory("work");
    for (int i = 0; i < 20; i++) {
      walk.directory("work/d" + i);
      walk.file("work/d" + i + "/f", "text");
    }
    tree.quotas().setDirectory(walk.inode("work"), new QuotaLimits(30, 0));
    assertEquals(new QuotaUsage(41, 41), usageOf(walk.inode("work")));
    InodeNumber file = walk.inode("work/d0/f");
    refused(() -> write(Caller.ROOT, file, 1, 1));
    assertTrue(tree.quotas().removeDirectory(walk.inode("work")));
    write(Caller.ROOT, file, 1, 1);
    assertFalse(tree.quotas().removeDirectory(walk.inode("work")));
    assertTrue(tree.quotas().list().stream().allMatch(report -> report.limits().isNone()));
  }

  @Test
  void nothingMovesBetweenDirectoriesThatAreCountedApart() throws FsException {
    walk.directory("a");
    walk.directory("b");
    walk.directory("plain");
    walk.directory("a/sub");
    walk.file("a/f");
    walk.file("plain/f");
    tree.quotas().setDirectory(walk.inode("a"), QuotaLimits.of(1 << 20, 0));
    tree.quotas().setDirectory(walk.inode("b"), QuotaLimits.of(1 << 20, 0));
    refused(Errno.EXDEV, () -> walk.rename("a/f", "b/f"));
    refused(Errno.EXDEV, () -> walk.rename("a/f", "plain/g"));
    refused(Errno.EXDEV, () -> walk.rename("plain/f", "a/g"));
    refused(Errno.EXDEV, () -> walk.rename("a/sub", "b/sub"));
    refused(Errno.EXDEV, () -> walk.rename("a/f", "plain/f", RenameMode.EXCHANGE));
    refused(Errno.EXDEV, () -> walk.link("a/f", "b/f"));
    refused(Errno.EXDEV, () -> walk.link("plain/f", "a/g"));
    walk.rename("a/f", "a/sub/f");
    walk.link("a/sub/f", "a/g");
    walk.rename("a", "renamed");
    walk.rename("renamed", "plain/a");
    walk.rename("plain/f", "f");
    assertEquals(new QuotaUsage(2, 3), usageOf(walk.inode("plain/a")));
  }

  @Test
  void aDirectoryBelowAnotherMayHaveAQuotaOfItsOwn() throws FsException {
    walk.directory("out");
    walk.directory("out/in");
    walk.file("out/in/f", "text");
    InodeNumber outer = walk.inode("out");
    InodeNumber inner = walk.inode("out/in");
    tree.quotas().setDirectory(inner, QuotaLimits.of(1 << 20, 0));
    tree.quotas().setDirectory(outer, QuotaLimits.of(1 << 20, 0));
    assertEquals(new QuotaUsage(1, 1), usageOf(outer));
    assertEquals(new QuotaUsage(2, 2), usageOf(inner));
    tree.quotas().removeDirectory(inner);
    assertEquals(new QuotaUsage(3, 3), usageOf(outer));
    tree.quotas().removeDirectory(outer);
    walk.rename("out/in/f", "f");
  }

  @Test
  void aRemovedDirectoryTakesItsQuotaAlong() throws FsException {
    InodeNumber work = walk.directory("work");
    tree.quotas().setDirectory(work, QuotaLimits.of(1 << 20, 0));
    walk.rmdir("work");
    assertEquals(
        List.of(),
        tree.quotas().list().stream().filter(report -> report.directory() != 0).toList());
  }

  @Test
  void belowADirectoryWithAQuotaTheTreeLooksThatLarge() throws FsException {
    InodeNumber work = walk.directory("work");
    walk.directory("work/sub");
    tree.quotas().setDirectory(work, new QuotaLimits(100, 50));
    write(Caller.ROOT, walk.file("work/sub/f"), 0, 10);
    StatFs space = tree.statfs(USER, walk.inode("work/sub"));
    assertEquals(100, space.totalBlocks());
    assertEquals(88, space.freeBlocks());
    assertEquals(88, space.availableBlocks());
    assertEquals(50, space.totalInodes());
    assertEquals(47, space.freeInodes());
    assertTrue(tree.statfs(USER).totalBlocks() > 1000);
  }

  @Test
  void pathsOfDirectoriesCanBeTold() throws FsException {
    walk.directory("a");
    InodeNumber b = walk.directory("a/b");
    assertEquals(List.of(FileName.of("a"), FileName.of("b")), tree.quotas().pathOf(b));
  }
}
