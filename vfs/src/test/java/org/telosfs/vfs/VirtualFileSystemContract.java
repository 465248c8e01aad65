package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/** The laws of {@link VirtualFileSystem}; every implementation subclasses this. */
public abstract class VirtualFileSystemContract {
  private static final int BLOCK = 4096;
  private static final int BIG_CHUNK = 1 << 16;
  private static final Caller USER = new Caller(1000, 100, 1, 022);

  private final ManualClock clock = new ManualClock();
  private VirtualFileSystem tree;
  private PathWalk walk;

  /** An empty tree with room for at least 64 MiB, which takes its time from the clock. */
  protected abstract VirtualFileSystem newTree(InstantSource clock) throws IOException;

  /** The most names that a file may have; 0 if there is no limit that a test could reach. */
  protected int linkLimit() {
    return 65_000;
  }

  @BeforeEach
  final void makeTree() throws IOException {
    tree = newTree(clock);
    walk = new PathWalk(tree);
  }

  @AfterEach
  final void closeTree() throws IOException {
    tree.close();
  }

  private static void refused(Errno expected, Executable operation) {
    FsException refusal = assertThrows(FsException.class, operation);
    assertEquals(expected, refusal.errno());
  }

  private void moved(String what, Timestamp now, boolean modified, boolean changed)
      throws FsException {
    Attributes attributes = walk.stat(what);
    assertEquals(modified, attributes.modified().equals(now), "mtime of " + what);
    assertEquals(changed, attributes.changed().equals(now), "ctime of " + what);
  }

  private Entry make(Caller caller, String path, int permissions) throws FsException {
    return tree.mknod(
        caller, walk.above(path), PathWalk.name(path), FileType.REGULAR, permissions, 0);
  }

  private Attributes change(String path, AttributeChange change) throws FsException {
    return tree.setattr(Caller.ROOT, walk.inode(path), change);
  }

  private void allocate(InodeNumber inode, AllocateMode mode, long offsetBytes, long lengthBytes)
      throws FsException {
    tree.allocate(Caller.ROOT, inode, FileHandle.NONE, mode, offsetBytes, lengthBytes);
  }

  private long seek(InodeNumber inode, long offsetBytes, SeekTarget target) throws FsException {
    return tree.seek(Caller.ROOT, inode, FileHandle.NONE, offsetBytes, target);
  }

  private long copy(InodeNumber from, long fromOffset, InodeNumber to, long toOffset, long length)
      throws FsException {
    return tree.copyRange(
        Caller.ROOT, from, FileHandle.NONE, fromOffset, to, FileHandle.NONE, toOffset, length);
  }

  private static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed + i * 31 + (i >> 8));
    }
    return bytes;
  }

  @Nested
  class Names {
    @Test
    void rootIsADirectoryWithTwoLinks() throws FsException {
      Attributes root = tree.getattr(Caller.ROOT, InodeNumber.ROOT);
      assertEquals(FileType.DIRECTORY, root.type());
      assertEquals(2, root.links());
      assertEquals(InodeNumber.ROOT, root.inode());
    }

    @Test
    void lookupFindsWhatWasMade() throws FsException {
      InodeNumber made = walk.file("a");
      assertEquals(made, walk.inode("a"));
      assertEquals(FileType.REGULAR, walk.stat("a").type());
      assertEquals(0, walk.stat("a").sizeBytes());
      assertEquals(0, walk.stat("a").blocks512());
    }

    @Test
    void absentNameIsRefused() {
      refused(Errno.ENOENT, () -> walk.inode("a"));
    }

    @Test
    void dotsResolve() throws FsException {
      InodeNumber a = walk.directory("a");
      InodeNumber b = walk.directory("a/b");
      assertEquals(b, walk.inode("a/b/."));
      assertEquals(a, walk.inode("a/b/.."));
      assertEquals(InodeNumber.ROOT, walk.inode(".."));
    }

    @Test
    void lookupBelowAFileIsRefused() throws FsException {
      walk.file("a");
      refused(Errno.ENOTDIR, () -> walk.inode("a/b"));
      refused(Errno.ENOTDIR, () -> walk.file("a/b"));
    }

    @Test
    void takenNameIsRefused() throws FsException {
      walk.file("a");
      refused(Errno.EEXIST, () -> walk.file("a"));
      refused(Errno.EEXIST, () -> walk.directory("a"));
      refused(Errno.EEXIST, () -> walk.symlink("a", "x"));
      refused(
          Errno.EEXIST,
          () ->
              tree.create(
                  Caller.ROOT, InodeNumber.ROOT, FileName.of("a"), 0644, OpenFlags.READ_WRITE));
    }

    @Test
    void dotsAreNeverMade() {
      refused(Errno.EEXIST, () -> walk.file("."));
      refused(Errno.EEXIST, () -> walk.directory(".."));
    }

    @Test
    void longestNameWorks() throws FsException {
      String longest = "n".repeat(FileName.MAX_BYTES);
      InodeNumber made = walk.file(longest);
      assertEquals(made, walk.inode(longest));
      assertEquals(List.of(FileName.of(longest)), walk.names(""));
    }

    @Test
    void bytesOfANameAreKept() throws FsException {
      FileName raw = FileName.of(new byte[] {(byte) 0xff, (byte) 0xfe, 'x', (byte) 0x80});
      FileName other = FileName.of(new byte[] {(byte) 0xff, (byte) 0xfd, 'x', (byte) 0x80});
      tree.mknod(Caller.ROOT, InodeNumber.ROOT, raw, FileType.REGULAR, 0644, 0);
      tree.lookup(Caller.ROOT, InodeNumber.ROOT, raw);
      refused(Errno.ENOENT, () -> tree.lookup(Caller.ROOT, InodeNumber.ROOT, other));
      assertEquals(List.of(raw), walk.names(""));
    }

    @Test
    void namesAreCaseSensitive() throws FsException {
      assertNotEquals(walk.file("a"), walk.file("A"));
    }

    @ParameterizedTest
    @EnumSource(names = {"FIFO", "SOCKET", "CHARACTER_DEVICE", "BLOCK_DEVICE"})
    void specialFilesKeepTypeAndDevice(FileType type) throws FsException {
      int device = type.name().endsWith("DEVICE") ? 0x0801 : 0;
      tree.mknod(Caller.ROOT, InodeNumber.ROOT, FileName.of("s"), type, 0600, device);
      assertEquals(type, walk.stat("s").type());
      assertEquals(device, walk.stat("s").device());
    }

    @Test
    void mknodMakesNeitherDirectoryNorSymlink() {
      for (FileType type : List.of(FileType.DIRECTORY, FileType.SYMLINK)) {
        refused(
            Errno.EINVAL,
            () -> tree.mknod(Caller.ROOT, InodeNumber.ROOT, FileName.of("x"), type, 0644, 0));
      }
    }

    @Test
    void makingMovesTimesOfTheDirectory() throws FsException {
      walk.directory("d");
      Timestamp now = clock.tick();
      walk.file("d/a");
      moved("d", now, true, true);
      assertEquals(now, walk.stat("d/a").born());
      now = clock.tick();
      walk.unlink("d/a");
      moved("d", now, true, true);
    }

    @Test
    void refusalMovesNoTimes() throws FsException {
      walk.file("a");
      Timestamp now = clock.tick();
      refused(Errno.EEXIST, () -> walk.file("a"));
      moved("", now, false, false);
      moved("a", now, false, false);
    }

    @Test
    void subdirectoriesCountAsLinks() throws FsException {
      walk.directory("a");
      walk.directory("a/b");
      walk.file("a/f");
      assertEquals(3, walk.stat("a").links());
      assertEquals(2, walk.stat("a/b").links());
      walk.rmdir("a/b");
      assertEquals(2, walk.stat("a").links());
    }

    @Test
    void rmdirWantsAnEmptyDirectory() throws FsException {
      walk.directory("a");
      walk.file("a/f");
      refused(Errno.ENOTEMPTY, () -> walk.rmdir("a"));
      refused(Errno.ENOTDIR, () -> walk.rmdir("a/f"));
      refused(Errno.ENOENT, () -> walk.rmdir("b"));
      refused(Errno.EINVAL, () -> walk.rmdir("a/."));
      refused(Errno.ENOTEMPTY, () -> walk.rmdir("a/.."));
      walk.unlink("a/f");
      walk.rmdir("a");
      assertFalse(walk.exists("a"));
    }

    @Test
    void unlinkLeavesDirectories() throws FsException {
      walk.directory("a");
      refused(Errno.EISDIR, () -> walk.unlink("a"));
      refused(Errno.ENOENT, () -> walk.unlink("b"));
    }

    @Test
    void removedDirectoryTakesNoNames() throws FsException {
      walk.directory("a");
      walk.file("f");
      InodeNumber removed = walk.hold("a");
      walk.rmdir("a");
      FileName name = FileName.of("x");
      refused(
          Errno.ENOENT, () -> tree.mknod(Caller.ROOT, removed, name, FileType.REGULAR, 0644, 0));
      refused(Errno.ENOENT, () -> tree.mkdir(Caller.ROOT, removed, name, 0755));
      refused(Errno.ENOENT, () -> tree.symlink(Caller.ROOT, removed, name, new byte[] {'t'}));
      refused(Errno.ENOENT, () -> tree.link(Caller.ROOT, walk.inode("f"), removed, name));
      refused(
          Errno.ENOENT, () -> tree.create(Caller.ROOT, removed, name, 0644, OpenFlags.READ_WRITE));
      refused(
          Errno.ENOENT,
          () ->
              tree.rename(
                  Caller.ROOT,
                  InodeNumber.ROOT,
                  FileName.of("f"),
                  removed,
                  name,
                  RenameMode.REPLACE));
      refused(Errno.ENOENT, () -> tree.lookup(Caller.ROOT, removed, name));
      assertEquals(0, tree.getattr(Caller.ROOT, removed).links());
      tree.forget(removed, 1);
    }
  }

  @Nested
  class Links {
    @Test
    void linkedNamesShareTheInode() throws FsException {
      InodeNumber inode = walk.file("a", "text");
      walk.directory("d");
      walk.link("a", "d/b");
      assertEquals(inode, walk.inode("d/b"));
      assertEquals(2, walk.stat("a").links());
      walk.unlink("a");
      assertEquals(1, walk.stat("d/b").links());
      assertEquals("text", walk.text(inode));
    }

    @Test
    void linkMovesCtimeOfTheFileAndTimesOfTheDirectory() throws FsException {
      walk.file("a");
      walk.directory("d");
      Timestamp now = clock.tick();
      walk.link("a", "d/b");
      moved("a", now, false, true);
      moved("d", now, true, true);
      now = clock.tick();
      walk.unlink("a");
      moved("d/b", now, false, true);
    }

    @Test
    void linkIsRefused() throws FsException {
      walk.directory("d");
      walk.file("a");
      walk.file("b");
      refused(Errno.EPERM, () -> walk.link("d", "e"));
      refused(Errno.EEXIST, () -> walk.link("a", "b"));
      refused(Errno.ENOTDIR, () -> walk.link("a", "b/x"));
    }

    @Test
    void orphanCannotBeLinkedBack() throws FsException {
      walk.file("a");
      InodeNumber orphan = walk.hold("a");
      walk.unlink("a");
      refused(
          Errno.ENOENT, () -> tree.link(Caller.ROOT, orphan, InodeNumber.ROOT, FileName.of("b")));
      tree.forget(orphan, 1);
    }

    @Test
    void fileWithoutANameLivesWhileHeld() throws FsException {
      InodeNumber root = InodeNumber.ROOT;
      Timestamp before = walk.stat("").modified();
      clock.tick();
      Attributes made = tree.tmpfile(USER, root, 0666, OpenFlags.READ_WRITE).entry().attributes();
      assertEquals(FileType.REGULAR, made.type());
      assertEquals(0, made.links());
      assertEquals(0644, made.permissions());
      assertEquals(USER.uid(), made.uid());
      assertEquals(USER.gid(), made.gid());
      assertEquals(before, walk.stat("").modified());
      assertEquals(List.of(), walk.names(""));
      walk.write(made.inode(), 0, "nowhere");
      assertEquals("nowhere", walk.text(made.inode()));
      tree.forget(made.inode(), 1);
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, made.inode()));
    }

    @Test
    void fileWithoutANameTakesTheGroupOfTheDirectory() throws FsException {
      walk.directory("d");
      change("d", AttributeChange.owner(null, 55));
      change("d", AttributeChange.permissions(02775));
      Attributes made =
          tree.tmpfile(USER, walk.inode("d"), 0600, OpenFlags.READ_WRITE).entry().attributes();
      assertEquals(55, made.gid());
      tree.forget(made.inode(), 1);
    }

    @Test
    void fileWithoutANameGetsItsFirstOnce() throws FsException {
      InodeNumber root = InodeNumber.ROOT;
      InodeNumber made =
          tree.tmpfile(Caller.ROOT, root, 0600, OpenFlags.READ_WRITE).entry().inode();
      walk.write(made, 0, "content");
      Entry linked = tree.link(Caller.ROOT, made, root, FileName.of("a"));
      assertEquals(1, linked.attributes().links());
      tree.forget(made, 1);
      assertEquals("content", walk.text(walk.inode("a")));
      walk.unlink("a");
      refused(Errno.ENOENT, () -> tree.link(Caller.ROOT, made, root, FileName.of("b")));
      tree.forget(made, 1);
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, made));
    }

    @Test
    void exclusiveFileWithoutANameNeverGetsOne() throws FsException {
      InodeNumber root = InodeNumber.ROOT;
      OpenFlags exclusive = new OpenFlags(0202);
      InodeNumber made = tree.tmpfile(Caller.ROOT, root, 0600, exclusive).entry().inode();
      refused(Errno.ENOENT, () -> tree.link(Caller.ROOT, made, root, FileName.of("a")));
      tree.forget(made, 1);
    }

    @Test
    void fileWithoutANameWantsADirectory() throws FsException {
      InodeNumber file = walk.file("a");
      refused(Errno.ENOTDIR, () -> tree.tmpfile(Caller.ROOT, file, 0600, OpenFlags.READ_WRITE));
    }

    @Test
    void symlinkKeepsItsTarget() throws FsException {
      byte[] target = {'a', (byte) 0xff, '/', 'b'};
      Entry made = tree.symlink(USER, InodeNumber.ROOT, FileName.of("s"), target);
      assertArrayEquals(target, tree.readlink(Caller.ROOT, made.inode()));
      assertEquals(target.length, made.attributes().sizeBytes());
      assertEquals(0777, made.attributes().permissions());
      walk.link("s", "t");
      assertEquals(2, walk.stat("s").links());
    }

    @Test
    void symlinkTargetHasBounds() throws FsException {
      walk.symlink("longest", "x".repeat(4095));
      assertEquals(4095, walk.stat("longest").sizeBytes());
      refused(Errno.ENAMETOOLONG, () -> walk.symlink("s", "x".repeat(4096)));
      refused(Errno.ENOENT, () -> walk.symlink("s", ""));
    }

    @Test
    void readlinkWantsASymlink() throws FsException {
      InodeNumber file = walk.file("a");
      refused(Errno.EINVAL, () -> tree.readlink(Caller.ROOT, file));
      refused(Errno.EINVAL, () -> tree.readlink(Caller.ROOT, InodeNumber.ROOT));
    }

    @Test
    void linkLimitIsKept() throws FsException {
      InodeNumber inode = walk.file("a");
      for (int i = 1; i < linkLimit(); i++) {
        tree.forget(
            tree.link(Caller.ROOT, inode, InodeNumber.ROOT, FileName.of("l" + i)).inode(), 1);
      }
      if (linkLimit() > 0) {
        refused(Errno.EMLINK, () -> walk.link("a", "one-more"));
        assertEquals(linkLimit(), walk.stat("a").links());
      }
    }
  }

  @Nested
  class Rename {
    @Test
    void movesTheName() throws FsException {
      InodeNumber inode = walk.file("a");
      walk.directory("d");
      Timestamp now = clock.tick();
      walk.rename("a", "d/b");
      assertFalse(walk.exists("a"));
      assertEquals(inode, walk.inode("d/b"));
      moved("", now, true, true);
      moved("d", now, true, true);
      assertNotEquals(now, walk.stat("d/b").modified());
    }

    @Test
    void replacesAFile() throws FsException {
      InodeNumber a = walk.file("a", "new");
      walk.file("b", "old");
      walk.link("b", "other");
      Timestamp now = clock.tick();
      walk.rename("a", "b");
      assertEquals(a, walk.inode("b"));
      assertEquals(1, walk.stat("other").links());
      moved("other", now, false, true);
    }

    @Test
    void replacesAnEmptyDirectory() throws FsException {
      InodeNumber a = walk.directory("a");
      walk.file("a/f");
      walk.directory("b");
      walk.rename("a", "b");
      assertEquals(a, walk.inode("b"));
      assertTrue(walk.exists("b/f"));
      assertEquals(3, walk.stat("").links());
    }

    @Test
    void unsuitableTargetIsRefused() throws FsException {
      walk.directory("d");
      walk.directory("full");
      walk.file("full/f");
      walk.file("f");
      refused(Errno.ENOTEMPTY, () -> walk.rename("d", "full"));
      refused(Errno.ENOTDIR, () -> walk.rename("d", "f"));
      refused(Errno.EISDIR, () -> walk.rename("f", "d"));
      walk.rename("full", "d");
      assertTrue(walk.exists("d/f"));
    }

    @Test
    void absentSourceIsRefused() throws FsException {
      walk.file("b");
      for (RenameMode mode : RenameMode.values()) {
        refused(Errno.ENOENT, () -> walk.rename("a", "c", mode));
      }
      refused(Errno.ENOENT, () -> walk.rename("a", "b"));
    }

    @Test
    void directoryCannotMoveBelowItself() throws FsException {
      walk.directory("a");
      walk.directory("a/b");
      walk.directory("a/b/c");
      refused(Errno.EINVAL, () -> walk.rename("a", "a/x"));
      refused(Errno.EINVAL, () -> walk.rename("a", "a/b/c/x"));
      refused(Errno.EINVAL, () -> walk.rename("a", "a/b/c", RenameMode.EXCHANGE));
      refused(Errno.EINVAL, () -> walk.rename("a/b/c", "a", RenameMode.EXCHANGE));
      refused(Errno.ENOTEMPTY, () -> walk.rename("a/b/c", "a"));
    }

    @Test
    void namesOfOneInodeStay() throws FsException {
      walk.file("a");
      walk.link("a", "b");
      Timestamp now = clock.tick();
      walk.rename("a", "b");
      walk.rename("a", "a");
      assertEquals(2, walk.stat("a").links());
      assertTrue(walk.exists("b"));
      moved("", now, false, false);
    }

    @Test
    void movedDirectoryKnowsItsParent() throws FsException {
      walk.directory("a");
      InodeNumber b = walk.directory("b");
      walk.directory("a/d");
      walk.rename("a/d", "b/e");
      assertEquals(b, walk.inode("b/e/.."));
      assertEquals(2, walk.stat("a").links());
      assertEquals(3, walk.stat("b").links());
    }

    @Test
    void noReplaceRefusesATakenName() throws FsException {
      walk.file("a");
      walk.file("b");
      refused(Errno.EEXIST, () -> walk.rename("a", "b", RenameMode.NO_REPLACE));
      walk.rename("a", "c", RenameMode.NO_REPLACE);
      assertTrue(walk.exists("c"));
      assertFalse(walk.exists("a"));
    }

    @Test
    void whiteoutIsLeftBehind() throws FsException {
      walk.directory("d");
      InodeNumber moved = walk.file("a", "moved");
      walk.file("d/b");
      walk.rename("a", "d/b", RenameMode.WHITEOUT);
      assertEquals(moved, walk.inode("d/b"));
      assertWhiteout("a");
      refused(Errno.EEXIST, () -> walk.rename("d/b", "a", RenameMode.WHITEOUT_NO_REPLACE));
      assertEquals(moved, walk.inode("d/b"));
      walk.rename("d/b", "d/c", RenameMode.WHITEOUT_NO_REPLACE);
      assertWhiteout("d/b");
      walk.unlink("d/b");
      walk.unlink("a");
      walk.directory("below");
      walk.rename("below", "d/below", RenameMode.WHITEOUT);
      assertWhiteout("below");
      assertEquals(3, walk.stat("").links());
      assertEquals(3, walk.stat("d").links());
    }

    private void assertWhiteout(String path) throws FsException {
      Attributes whiteout = walk.stat(path);
      assertEquals(FileType.CHARACTER_DEVICE, whiteout.type());
      assertEquals(0, whiteout.permissions());
      assertEquals(0, whiteout.device());
      assertEquals(1, whiteout.links());
    }

    @Test
    void exchangeSwapsWhateverItIs() throws FsException {
      InodeNumber x = walk.directory("x");
      InodeNumber d = walk.directory("x/d");
      walk.file("x/d/inside");
      InodeNumber f = walk.file("f");
      walk.rename("x/d", "f", RenameMode.EXCHANGE);
      assertEquals(d, walk.inode("f"));
      assertEquals(f, walk.inode("x/d"));
      assertEquals(InodeNumber.ROOT, walk.inode("f/.."));
      assertEquals(2, walk.stat("x").links());
      assertEquals(4, walk.stat("").links());
      assertEquals(x, walk.inode("x"));
      refused(Errno.ENOENT, () -> walk.rename("f", "none", RenameMode.EXCHANGE));
    }

    @Test
    void replacedFileLivesOnWhileHeld() throws FsException {
      walk.file("a", "new");
      walk.file("b", "old");
      InodeNumber held = walk.hold("b");
      walk.rename("a", "b");
      assertEquals("old", walk.text(held));
      assertEquals(0, tree.getattr(Caller.ROOT, held).links());
      tree.forget(held, 1);
    }
  }

  @Nested
  class Io {
    @Test
    void readsWhatWasWritten() throws FsException {
      InodeNumber file = walk.file("a", "hello");
      assertEquals("hello", walk.text(file));
      walk.write(file, 4, "O!");
      assertEquals("hellO!", walk.text(file));
      assertEquals(6, walk.stat("a").sizeBytes());
    }

    @Test
    void bufferPositionsMove() throws FsException {
      InodeNumber file = walk.file("a");
      ByteBuffer data = ByteBuffer.wrap("..abc..".getBytes(StandardCharsets.UTF_8), 2, 3);
      assertEquals(3, tree.write(Caller.ROOT, file, FileHandle.NONE, 0, data, PrivilegeLoss.NONE));
      assertEquals(5, data.position());
      ByteBuffer into = ByteBuffer.allocateDirect(10).position(1);
      assertEquals(3, tree.read(Caller.ROOT, file, FileHandle.NONE, 0, into));
      assertEquals(4, into.position());
      assertEquals('c', into.get(3));
    }

    @Test
    void readEndsWithTheFile() throws FsException {
      InodeNumber file = walk.file("a", "hello");
      assertEquals(2, walk.read(file, 3, 10).length);
      assertEquals(0, walk.read(file, 5, 10).length);
      assertEquals(0, walk.read(file, 1L << 40, 10).length);
    }

    @Test
    void holesReadAsZeros() throws FsException {
      InodeNumber file = walk.file("a");
      walk.write(file, 3 * BIG_CHUNK + 5, "x");
      byte[] expected = new byte[3 * BIG_CHUNK + 6];
      expected[3 * BIG_CHUNK + 5] = 'x';
      assertArrayEquals(expected, walk.content(file));
    }

    @Test
    void bigUnalignedWritesRoundTrip() throws FsException {
      InodeNumber file = walk.file("a");
      byte[] expected = new byte[1 << 20];
      for (int round = 0; round < 40; round++) {
        int offset = round * 24_571;
        byte[] piece = pattern(1 + round * 1_733, round);
        int fitting = Math.min(piece.length, expected.length - offset);
        System.arraycopy(piece, 0, expected, offset, fitting);
        walk.write(file, offset, Arrays.copyOf(piece, fitting));
      }
      byte[] content = walk.content(file);
      assertArrayEquals(Arrays.copyOf(expected, content.length), content);
    }

    @Test
    void writeMovesTimes() throws FsException {
      InodeNumber file = walk.file("a");
      Timestamp now = clock.tick();
      walk.write(file, 0, "x");
      moved("a", now, true, true);
      now = clock.tick();
      walk.read(file, 0, 1);
      moved("a", now, false, false);
    }

    @Test
    void truncatedBytesDoNotComeBack() throws FsException {
      InodeNumber file = walk.file("a");
      walk.write(file, 0, pattern(3 * BLOCK, 1));
      change("a", AttributeChange.size(BLOCK + 7));
      change("a", AttributeChange.size(3 * BLOCK));
      byte[] expected = Arrays.copyOf(pattern(3 * BLOCK, 1), BLOCK + 7);
      assertArrayEquals(Arrays.copyOf(expected, 3 * BLOCK), walk.content(file));
    }

    @Test
    void truncateMovesTimes() throws FsException {
      walk.file("a", "text");
      Timestamp now = clock.tick();
      Attributes after = change("a", AttributeChange.size(2));
      assertEquals(2, after.sizeBytes());
      moved("a", now, true, true);
    }

    @Test
    void onlyFilesHaveContent() throws FsException {
      InodeNumber directory = walk.directory("d");
      InodeNumber symlink = walk.symlink("s", "t");
      refused(Errno.EISDIR, () -> walk.read(directory, 0, 1));
      refused(Errno.EISDIR, () -> walk.write(directory, 0, "x"));
      refused(Errno.EISDIR, () -> change("d", AttributeChange.size(0)));
      refused(Errno.EINVAL, () -> walk.read(symlink, 0, 1));
      refused(Errno.EINVAL, () -> walk.write(symlink, 0, "x"));
      refused(Errno.EINVAL, () -> change("s", AttributeChange.size(0)));
    }

    @Test
    void endlessFilesAreRefused() throws FsException {
      InodeNumber file = walk.file("a", "text");
      refused(Errno.EFBIG, () -> walk.write(file, Long.MAX_VALUE, "x"));
      refused(Errno.EFBIG, () -> walk.write(file, Long.MAX_VALUE - 1, "xy"));
      assertEquals("text", walk.text(file));
    }

    @Test
    void largestFileHasEveryByte() throws FsException {
      InodeNumber file = walk.file("a", "text");
      long last = Long.MAX_VALUE - 1;
      assertEquals(Long.MAX_VALUE, change("a", AttributeChange.size(Long.MAX_VALUE)).sizeBytes());
      assertArrayEquals(new byte[1], walk.read(file, last, 10));
      assertEquals(BLOCK, seek(file, BLOCK, SeekTarget.HOLE));
      refused(Errno.ENXIO, () -> seek(file, BLOCK, SeekTarget.DATA));
      walk.write(file, last - 3, "last");
      assertArrayEquals(new byte[] {0, 'l', 'a', 's', 't'}, walk.read(file, last - 4, 10));
      assertEquals(last & -BLOCK, seek(file, BLOCK, SeekTarget.DATA));
      assertEquals(Long.MAX_VALUE, seek(file, last, SeekTarget.HOLE));
      allocate(file, AllocateMode.ZERO_RANGE, last - 1, 2);
      assertArrayEquals(new byte[] {'l', 'a', 0, 0}, walk.read(file, last - 3, 10));
      allocate(file, AllocateMode.PUNCH_HOLE, last - 3, 1);
      assertArrayEquals(new byte[] {0, 'a', 0, 0}, walk.read(file, last - 3, 10));
      change("a", AttributeChange.size(last - 2));
      change("a", AttributeChange.size(Long.MAX_VALUE));
      assertArrayEquals(new byte[4], walk.read(file, last - 3, 10));
      assertEquals(4, copy(file, 0, file, last - 3, 4));
      assertArrayEquals(new byte[] {'t', 'e', 'x', 't'}, walk.read(file, last - 3, 10));
      change("a", AttributeChange.size(0));
      assertEquals(0, walk.stat("a").blocks512());
    }

    @Test
    void sparseFileBeyondFourGibibytes() throws FsException {
      InodeNumber file = walk.file("a");
      long far = (5L << 30) + 123;
      walk.write(file, far, "far");
      assertEquals(far + 3, walk.stat("a").sizeBytes());
      assertArrayEquals(new byte[] {0, 'f', 'a', 'r'}, walk.read(file, far - 1, 10));
      assertTrue(walk.stat("a").blocks512() <= 16);
    }

    @Test
    void writeClearsPrivilegesWhenAsked() throws FsException {
      InodeNumber file = walk.file("a", 06755);
      walk.write(file, 0, "x");
      assertEquals(06755, walk.stat("a").permissions());
      ByteBuffer data = ByteBuffer.wrap(new byte[1]);
      tree.write(Caller.ROOT, file, FileHandle.NONE, 0, data, PrivilegeLoss.ALL);
      assertEquals(0755, walk.stat("a").permissions());
      change("a", AttributeChange.permissions(06745));
      tree.write(Caller.ROOT, file, FileHandle.NONE, 0, data.rewind(), PrivilegeLoss.ALL);
      assertEquals(02745, walk.stat("a").permissions());
    }

    @Test
    void onlyRootAllocatesAndCopiesWithoutLossOfPrivileges() throws FsException {
      InodeNumber file = walk.file("a", 06755);
      InodeNumber other = walk.file("b", "text");
      allocate(file, AllocateMode.ALLOCATE, 0, 10);
      copy(other, 0, file, 0, 2);
      assertEquals(06755, walk.stat("a").permissions());
      tree.allocate(USER, file, FileHandle.NONE, AllocateMode.ALLOCATE, 0, 10);
      assertEquals(0755, walk.stat("a").permissions());
      change("a", AttributeChange.permissions(06755));
      tree.copyRange(USER, other, FileHandle.NONE, 0, file, FileHandle.NONE, 0, 2);
      assertEquals(0755, walk.stat("a").permissions());
    }

    @Test
    void createOpensWhatItMakes() throws FsException {
      Created made =
          tree.create(USER, InodeNumber.ROOT, FileName.of("a"), 0666, OpenFlags.READ_WRITE);
      FileHandle handle = made.opened().handle();
      ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3});
      tree.write(USER, made.entry().inode(), handle, 0, data, PrivilegeLoss.NONE);
      assertEquals(0644, made.entry().attributes().permissions());
      tree.release(made.entry().inode(), handle);
      assertEquals(3, walk.stat("a").sizeBytes());
    }

    @Test
    void opensServeWhatTheyWereMadeFor() throws FsException {
      assumeFalse(tree.traits().statelessOpen(), "opens never reach a tree that keeps none");
      InodeNumber file = walk.file("a", "text");
      FileHandle handle = tree.open(USER, file, OpenFlags.READ_WRITE).handle();
      ByteBuffer into = ByteBuffer.allocate(9);
      assertEquals(4, tree.read(USER, file, handle, 0, into));
      tree.fsync(USER, file, handle, false);
      tree.release(file, handle);
      refused(Errno.EISDIR, () -> tree.open(USER, InodeNumber.ROOT, OpenFlags.READ_WRITE));
      FileHandle listing = tree.opendir(USER, InodeNumber.ROOT).handle();
      tree.readdir(USER, InodeNumber.ROOT, listing, 0, entry -> true);
      tree.releasedir(InodeNumber.ROOT, listing);
      refused(Errno.ENOTDIR, () -> tree.opendir(USER, file));
    }

    @Test
    void copyRangeCopies() throws FsException {
      InodeNumber from = walk.file("a");
      byte[] content = pattern(3 * BIG_CHUNK + 17, 3);
      walk.write(from, 0, content);
      InodeNumber to = walk.file("b", "0123456789");
      Timestamp now = clock.tick();
      assertEquals(content.length - 100, copy(from, 100, to, 5, 1L << 40));
      byte[] expected = new byte[content.length - 95];
      System.arraycopy("01234".getBytes(StandardCharsets.UTF_8), 0, expected, 0, 5);
      System.arraycopy(content, 100, expected, 5, content.length - 100);
      assertArrayEquals(expected, walk.content(to));
      moved("b", now, true, true);
      assertEquals(0, copy(from, content.length, to, 0, 10));
    }

    @Test
    void copyRangeOnBlocksKeepsHoles() throws FsException {
      InodeNumber from = walk.file("a");
      change("a", AttributeChange.size(9L * BLOCK + 100));
      walk.write(from, 4L * BLOCK, pattern(BLOCK, 1));
      InodeNumber to = walk.file("b");
      walk.write(to, 0, pattern(12 * BLOCK, 2));
      assertEquals(6L * BLOCK, copy(from, BLOCK, to, 2L * BLOCK, 6L * BLOCK));
      assertEquals(2L * BLOCK, seek(to, 0, SeekTarget.HOLE));
      assertEquals(5L * BLOCK, seek(to, 2L * BLOCK, SeekTarget.DATA));
      assertEquals(6L * BLOCK, seek(to, 5L * BLOCK, SeekTarget.HOLE));
      assertEquals(8L * BLOCK, seek(to, 6L * BLOCK, SeekTarget.DATA));
      byte[] expected = pattern(12 * BLOCK, 2);
      Arrays.fill(expected, 2 * BLOCK, 8 * BLOCK, (byte) 0);
      System.arraycopy(pattern(BLOCK, 1), 0, expected, 5 * BLOCK, BLOCK);
      assertArrayEquals(expected, walk.content(to));
    }

    @Test
    void copyRangeOfAWholeFileIsTheSame() throws FsException {
      InodeNumber from = walk.file("a");
      walk.write(from, 3L * BLOCK, pattern(2 * BLOCK + 5, 1));
      change("a", AttributeChange.size(7L * BLOCK + 1));
      InodeNumber to = walk.file("b");
      assertEquals(7L * BLOCK + 1, copy(from, 0, to, 0, 1L << 40));
      assertArrayEquals(walk.content(from), walk.content(to));
      assertEquals(3L * BLOCK, seek(to, 0, SeekTarget.DATA));
      assertEquals(6L * BLOCK, seek(to, 3L * BLOCK, SeekTarget.HOLE));
      walk.write(from, 0, "changed later");
      assertEquals(3L * BLOCK, seek(to, 0, SeekTarget.DATA));
    }

    @Test
    void copyRangeWithinAFileMustNotOverlap() throws FsException {
      InodeNumber file = walk.file("a", "abcdefgh");
      refused(Errno.EINVAL, () -> copy(file, 0, file, 2, 4));
      assertEquals(4, copy(file, 0, file, 4, 4));
      assertEquals("abcdabcd", walk.text(file));
      refused(Errno.EISDIR, () -> copy(InodeNumber.ROOT, 0, file, 0, 1));
      refused(Errno.EISDIR, () -> copy(file, 0, InodeNumber.ROOT, 0, 1));
      refused(Errno.EFBIG, () -> copy(file, 0, file, Long.MAX_VALUE - 3, 4));
    }

    @Test
    void syncingWorks() throws FsException {
      InodeNumber file = walk.file("a", "text");
      tree.fsync(Caller.ROOT, file, FileHandle.NONE, true);
      tree.fsync(Caller.ROOT, InodeNumber.ROOT, FileHandle.NONE, false);
      tree.syncAll();
      assertEquals("text", walk.text(file));
    }
  }

  @Nested
  class AttributeLaws {
    @Test
    void newFileTakesOwnerAndUmask() throws FsException {
      Attributes made = make(USER, "a", 06777).attributes();
      assertEquals(1000, made.uid());
      assertEquals(100, made.gid());
      assertEquals(06755, made.permissions());
      assertEquals(1, made.links());
    }

    @Test
    void setgidDirectoryGivesItsGroup() throws FsException {
      walk.directory("d");
      change("d", AttributeChange.owner(7, 77));
      change("d", AttributeChange.permissions(02777));
      assertEquals(77, make(USER, "d/f", 0644).attributes().gid());
      Attributes below = tree.mkdir(USER, walk.inode("d"), FileName.of("sub"), 0755).attributes();
      assertEquals(77, below.gid());
      assertEquals(1000, below.uid());
      assertEquals(02755, below.permissions());
      Attributes symlink =
          tree.symlink(USER, walk.inode("d"), FileName.of("s"), new byte[] {'t'}).attributes();
      assertEquals(77, symlink.gid());
      assertEquals(0777, symlink.permissions());
    }

    @Test
    void chmodMovesCtimeAlone() throws FsException {
      walk.file("a");
      Timestamp now = clock.tick();
      assertEquals(07421, change("a", AttributeChange.permissions(07421)).permissions());
      moved("a", now, false, true);
    }

    @Test
    void chownChangesWhatIsGiven() throws FsException {
      walk.file("a");
      Timestamp now = clock.tick();
      change("a", AttributeChange.owner(5, null));
      assertEquals(5, walk.stat("a").uid());
      assertEquals(0, walk.stat("a").gid());
      Attributes after = change("a", AttributeChange.owner(null, 6));
      assertEquals(5, after.uid());
      assertEquals(6, after.gid());
      moved("a", now, false, true);
    }

    @Test
    void largestOwnerIsKept() throws FsException {
      walk.file("a");
      Attributes after = change("a", AttributeChange.owner(-2, Integer.MIN_VALUE));
      assertEquals(-2, after.uid());
      assertEquals(Integer.MIN_VALUE, after.gid());
    }

    @Test
    void chownClearsPrivilegesOfFiles() throws FsException {
      walk.file("a", 06755);
      assertEquals(0755, change("a", AttributeChange.owner(5, 5)).permissions());
      walk.file("b", 06745);
      assertEquals(02745, change("b", AttributeChange.owner(5, 5)).permissions());
      walk.directory("d");
      change("d", AttributeChange.permissions(06755));
      assertEquals(06755, change("d", AttributeChange.owner(5, 5)).permissions());
    }

    @Test
    void truncateClearsPrivilegesWhenAsked() throws FsException {
      walk.file("a", 06755);
      AttributeChange truncate =
          new AttributeChange(null, null, null, 0L, TimeChange.KEEP, TimeChange.KEEP, true);
      assertEquals(0755, change("a", truncate).permissions());
    }

    @Test
    void givenTimesAreKept() throws FsException {
      walk.file("a");
      Timestamp past = new Timestamp(-1, 999_999_999);
      Timestamp future = new Timestamp(1L << 33, 1);
      Timestamp now = clock.tick();
      change("a", AttributeChange.times(new TimeChange.At(past), new TimeChange.At(future)));
      Attributes after = walk.stat("a");
      assertEquals(past, after.accessed());
      assertEquals(future, after.modified());
      assertEquals(now, after.changed());
    }

    @Test
    void timesNowAndKept() throws FsException {
      walk.file("a");
      Timestamp before = walk.stat("a").modified();
      Timestamp now = clock.tick();
      Attributes after = change("a", AttributeChange.times(TimeChange.NOW, TimeChange.KEEP));
      assertEquals(now, after.accessed());
      assertEquals(before, after.modified());
      assertEquals(now, after.changed());
    }

    @Test
    void changeOfNothingMovesCtime() throws FsException {
      walk.file("a");
      Timestamp now = clock.tick();
      change("a", AttributeChange.NONE);
      moved("a", now, false, true);
    }

    @Test
    void readingMovesTheAccessTimeOnceAfterAChange() throws FsException {
      walk.directory("d");
      for (String path : List.of("d/a", "d/s", "d")) {
        InodeNumber inode =
            switch (path) {
              case "d/a" -> walk.file(path, "text");
              case "d/s" -> walk.symlink(path, "target");
              default -> walk.inode(path);
            };
        Attributes before = walk.stat(path);
        Timestamp first = clock.tick();
        readWhatever(inode, before.type());
        Attributes read = walk.stat(path);
        assertEquals(first, read.accessed(), path);
        assertEquals(before.modified(), read.modified(), path);
        assertEquals(before.changed(), read.changed(), path);
        clock.tick();
        readWhatever(inode, before.type());
        assertEquals(first, walk.stat(path).accessed(), path);
        Timestamp again = clock.tick();
        change(path, AttributeChange.permissions(0755));
        readWhatever(inode, before.type());
        assertEquals(again, walk.stat(path).accessed(), path);
      }
    }

    private void readWhatever(InodeNumber inode, FileType type) throws FsException {
      switch (type) {
        case REGULAR -> walk.read(inode, 0, 10);
        case SYMLINK -> tree.readlink(Caller.ROOT, inode);
        default -> walk.list(inode);
      }
    }

    @Test
    void unnoticedReadMovesNoTime() throws FsException {
      InodeNumber file = walk.file("a", "text");
      Attributes before = walk.stat("a");
      clock.tick();
      ByteBuffer into = ByteBuffer.allocate(9);
      assertEquals(4, tree.readUnnoticed(USER, file, FileHandle.NONE, 0, into));
      assertEquals(before, walk.stat("a"));
    }

    @Test
    void birthNeverMoves() throws FsException {
      InodeNumber file = walk.file("a");
      Timestamp born = walk.stat("a").born();
      clock.tick();
      walk.write(file, 0, "x");
      change("a", AttributeChange.permissions(0600));
      walk.rename("a", "b");
      assertEquals(born, walk.stat("b").born());
    }

    @Test
    void statfsCountsBlocks() throws FsException {
      StatFs before = tree.statfs(Caller.ROOT);
      assertTrue(before.totalBlocks() > 0 && before.freeBlocks() <= before.totalBlocks());
      assertTrue(before.availableBlocks() <= before.freeBlocks());
      InodeNumber file = walk.file("a");
      walk.write(file, 0, pattern(8 << 20, 1));
      tree.syncAll();
      StatFs after = tree.statfs(Caller.ROOT);
      long taken = (before.freeBlocks() - after.freeBlocks()) * before.blockBytes();
      assertTrue(taken >= 8 << 20, "taken: " + taken);
    }
  }

  @Nested
  class Xattrs {
    private final XattrName name = XattrName.of("user.one");

    private void set(String path, XattrName name, byte[] value, XattrMode mode) throws FsException {
      tree.setxattr(Caller.ROOT, walk.inode(path), name, value, mode, false);
    }

    @Test
    void valueIsKept() throws FsException {
      InodeNumber file = walk.file("a");
      set("a", name, new byte[] {0, -1, 5}, XattrMode.SET);
      assertArrayEquals(new byte[] {0, -1, 5}, tree.getxattr(Caller.ROOT, file, name));
      set("a", name, new byte[0], XattrMode.SET);
      assertArrayEquals(new byte[0], tree.getxattr(Caller.ROOT, file, name));
    }

    @Test
    void modesAreKept() throws FsException {
      walk.file("a");
      refused(Errno.ENODATA, () -> set("a", name, new byte[1], XattrMode.REPLACE));
      set("a", name, new byte[1], XattrMode.CREATE);
      refused(Errno.EEXIST, () -> set("a", name, new byte[1], XattrMode.CREATE));
      set("a", name, new byte[2], XattrMode.REPLACE);
      assertEquals(2, tree.getxattr(Caller.ROOT, walk.inode("a"), name).length);
    }

    @Test
    void namesAreListed() throws FsException {
      InodeNumber file = walk.file("a");
      assertEquals(List.of(), tree.listxattr(Caller.ROOT, file));
      XattrName trusted = XattrName.of("trusted.two");
      set("a", name, new byte[1], XattrMode.SET);
      set("a", trusted, new byte[1], XattrMode.SET);
      assertEquals(Set.of(name, trusted), new HashSet<>(tree.listxattr(Caller.ROOT, file)));
      tree.removexattr(Caller.ROOT, file, name);
      assertEquals(List.of(trusted), tree.listxattr(Caller.ROOT, file));
    }

    @Test
    void absentAttributeIsRefused() throws FsException {
      InodeNumber file = walk.file("a");
      refused(Errno.ENODATA, () -> tree.getxattr(Caller.ROOT, file, name));
      refused(Errno.ENODATA, () -> tree.removexattr(Caller.ROOT, file, name));
    }

    @Test
    void changesMoveCtimeAlone() throws FsException {
      InodeNumber file = walk.file("a");
      Timestamp now = clock.tick();
      set("a", name, new byte[1], XattrMode.SET);
      moved("a", now, false, true);
      now = clock.tick();
      tree.getxattr(Caller.ROOT, file, name);
      moved("a", now, false, false);
      tree.removexattr(Caller.ROOT, file, name);
      moved("a", now, false, true);
    }

    @Test
    void largestValueFits() throws FsException {
      InodeNumber file = walk.file("a");
      byte[] largest = pattern(65_536, 9);
      set("a", name, largest, XattrMode.SET);
      assertArrayEquals(largest, tree.getxattr(Caller.ROOT, file, name));
      refused(Errno.E2BIG, () -> set("a", name, new byte[65_537], XattrMode.SET));
    }

    @Test
    void userNamespaceIsForFilesAndDirectories() throws FsException {
      walk.symlink("s", "t");
      walk.directory("d");
      refused(Errno.EPERM, () -> set("s", name, new byte[1], XattrMode.SET));
      set("s", XattrName.of("trusted.x"), new byte[1], XattrMode.SET);
      set("d", name, new byte[1], XattrMode.SET);
    }

    @Test
    void strangeNamespaceIsRefused() throws FsException {
      walk.file("a");
      XattrName strange = XattrName.of("strange.x");
      refused(Errno.EOPNOTSUPP, () -> set("a", strange, new byte[1], XattrMode.SET));
      XattrName system = XattrName.of("system.other");
      refused(Errno.EOPNOTSUPP, () -> set("a", system, new byte[1], XattrMode.SET));
      XattrName prefix = XattrName.of("user.");
      refused(Errno.EINVAL, () -> set("a", prefix, new byte[1], XattrMode.SET));
    }

    @Test
    void trustedNamesAreListedToRootAlone() throws FsException {
      InodeNumber file = walk.file("a");
      XattrName trusted = XattrName.of("trusted.two");
      set("a", name, new byte[1], XattrMode.SET);
      set("a", trusted, new byte[1], XattrMode.SET);
      assertEquals(List.of(name), tree.listxattr(USER, file));
      assertEquals(2, tree.listxattr(Caller.ROOT, file).size());
    }

    @Test
    void namesFitIntoAListing() throws FsException {
      InodeNumber file = walk.file("a");
      int count = 65_536 / 256;
      for (int i = 0; i < count; i++) {
        set("a", longName(i), new byte[1], XattrMode.SET);
      }
      assertEquals(count, tree.listxattr(Caller.ROOT, file).size());
      refused(Errno.ENOSPC, () -> set("a", longName(count), new byte[1], XattrMode.SET));
      set("a", longName(7), new byte[2], XattrMode.SET);
      tree.removexattr(Caller.ROOT, file, longName(7));
      set("a", longName(count), new byte[1], XattrMode.SET);
    }

    private XattrName longName(int number) {
      String start = "user." + number + ".";
      return XattrName.of(start + "x".repeat(255 - start.length()));
    }

    @Test
    void capabilitiesDoNotSurviveAChangeOfContentOrOwner() throws FsException {
      InodeNumber file = walk.file("a", "text");
      InodeNumber other = walk.file("b", "more text");
      losesCapability(file, () -> walk.write(file, 0, "x"));
      losesCapability(file, () -> change("a", AttributeChange.size(2)));
      losesCapability(file, () -> change("a", AttributeChange.owner(0, null)));
      losesCapability(file, () -> allocate(file, AllocateMode.ALLOCATE_KEEP_SIZE, 0, 10));
      losesCapability(file, () -> allocate(file, AllocateMode.PUNCH_HOLE, 0, 10));
      losesCapability(file, () -> copy(other, 0, file, 0, 3));
      capable(file);
      change("a", AttributeChange.permissions(0755));
      copy(file, 0, other, 0, 1);
      walk.write(file, 0, "");
      ByteBuffer cached = ByteBuffer.wrap(new byte[1]);
      tree.write(Caller.ROOT, file, FileHandle.NONE, 0, cached, PrivilegeLoss.NONE);
      set("a", name, new byte[1], XattrMode.SET);
      assertEquals(Set.of(name, XattrName.CAPABILITY), names(file));
    }

    @FunctionalInterface
    private interface Change {
      void run() throws FsException;
    }

    private void losesCapability(InodeNumber file, Change change) throws FsException {
      capable(file);
      set("a", name, new byte[1], XattrMode.SET);
      change.run();
      assertEquals(Set.of(name), names(file));
    }

    private void capable(InodeNumber file) throws FsException {
      tree.setxattr(Caller.ROOT, file, XattrName.CAPABILITY, new byte[20], XattrMode.SET, false);
    }

    private Set<XattrName> names(InodeNumber file) throws FsException {
      return new HashSet<>(tree.listxattr(Caller.ROOT, file));
    }
  }

  @Nested
  class AccessControlLists {
    private static final int NAMED_USER = 1000;

    private PosixAcl acl(int owner, int named, int group, int mask, int others) throws FsException {
      return PosixAcl.of(
          List.of(
              AclEntry.of(AclEntry.Tag.OWNER, owner),
              new AclEntry(AclEntry.Tag.USER, named, NAMED_USER),
              AclEntry.of(AclEntry.Tag.OWNING_GROUP, group),
              AclEntry.of(AclEntry.Tag.MASK, mask),
              AclEntry.of(AclEntry.Tag.OTHERS, others)));
    }

    private PosixAcl minimal(int owner, int group, int others) throws FsException {
      return PosixAcl.of(
          List.of(
              AclEntry.of(AclEntry.Tag.OWNER, owner),
              AclEntry.of(AclEntry.Tag.OWNING_GROUP, group),
              AclEntry.of(AclEntry.Tag.OTHERS, others)));
    }

    private void set(String path, AclKind kind, byte[] value, boolean clearSetgid)
        throws FsException {
      // CREATE does not count for lists, as on Linux.
      tree.setxattr(
          Caller.ROOT, walk.inode(path), kind.attribute(), value, XattrMode.CREATE, clearSetgid);
    }

    private void set(String path, AclKind kind, PosixAcl acl) throws FsException {
      set(path, kind, acl.encode(), false);
    }

    private PosixAcl get(String path, AclKind kind) throws FsException {
      return PosixAcl.decode(tree.getxattr(Caller.ROOT, walk.inode(path), kind.attribute()));
    }

    private void none(String path, AclKind kind) {
      refused(Errno.ENODATA, () -> get(path, kind));
    }

    private int mode(String path) throws FsException {
      return walk.stat(path).permissions();
    }

    @Test
    void accessListSetsPermissions() throws FsException {
      walk.file("a");
      change("a", AttributeChange.permissions(06600));
      Timestamp now = clock.tick();
      set("a", AclKind.ACCESS, acl(7, 7, 4, 5, 1));
      assertEquals(06751, mode("a"));
      assertEquals(acl(7, 7, 4, 5, 1), get("a", AclKind.ACCESS));
      moved("a", now, false, true);
      set("a", AclKind.ACCESS, acl(6, 1, 2, 3, 4));
      assertEquals(06634, mode("a"));
    }

    @Test
    void minimalAccessListIsPermissionsAlone() throws FsException {
      InodeNumber file = walk.file("a");
      set("a", AclKind.ACCESS, acl(7, 7, 4, 5, 1));
      set("a", AclKind.ACCESS, minimal(6, 4, 0));
      assertEquals(0640, mode("a"));
      none("a", AclKind.ACCESS);
      assertEquals(List.of(), tree.listxattr(Caller.ROOT, file));
    }

    @Test
    void setgidIsClearedOnRequest() throws FsException {
      walk.file("a");
      change("a", AttributeChange.permissions(06755));
      set("a", AclKind.ACCESS, acl(7, 7, 4, 5, 1).encode(), true);
      assertEquals(04751, mode("a"));
    }

    @Test
    void chmodChangesTheList() throws FsException {
      walk.file("a");
      set("a", AclKind.ACCESS, acl(7, 6, 5, 5, 1));
      change("a", AttributeChange.permissions(02642));
      assertEquals(acl(6, 6, 5, 4, 2), get("a", AclKind.ACCESS));
      assertEquals(02642, mode("a"));
    }

    @Test
    void removalKeepsPermissions() throws FsException {
      InodeNumber file = walk.file("a");
      set("a", AclKind.ACCESS, acl(7, 6, 5, 4, 1));
      tree.removexattr(Caller.ROOT, file, AclKind.ACCESS.attribute());
      assertEquals(0741, mode("a"));
      none("a", AclKind.ACCESS);
      set("a", AclKind.ACCESS, acl(7, 6, 5, 4, 1));
      set("a", AclKind.ACCESS, new byte[] {2, 0, 0, 0}, false);
      none("a", AclKind.ACCESS);
      Timestamp before = clock.tick();
      set("a", AclKind.ACCESS, minimal(6, 0, 0));
      clock.tick();
      tree.removexattr(Caller.ROOT, file, AclKind.ACCESS.attribute());
      moved("a", before, false, true);
      set("a", AclKind.ACCESS, new byte[] {2, 0, 0, 0}, false);
      moved("a", before, false, true);
    }

    @Test
    void defaultListIsInheritedInsteadOfTheUmask() throws FsException {
      walk.directory("d");
      PosixAcl list = acl(7, 7, 5, 6, 1);
      set("d", AclKind.DEFAULT, list);
      assertEquals(0755, mode("d"));
      make(USER, "d/f", 04666);
      assertEquals(04660, mode("d/f"));
      assertEquals(acl(6, 7, 5, 6, 0), get("d/f", AclKind.ACCESS));
      none("d/f", AclKind.DEFAULT);
      tree.mkdir(USER, walk.inode("d"), FileName.of("e"), 0777);
      assertEquals(0761, mode("d/e"));
      assertEquals(acl(7, 7, 5, 6, 1), get("d/e", AclKind.ACCESS));
      assertEquals(list, get("d/e", AclKind.DEFAULT));
      make(USER, "d/e/g", 0600);
      assertEquals(acl(6, 7, 5, 0, 0), get("d/e/g", AclKind.ACCESS));
      walk.symlink("d/s", "x");
      assertEquals(0777, mode("d/s"));
      assertEquals(List.of(), tree.listxattr(Caller.ROOT, walk.inode("d/s")));
    }

    @Test
    void minimalDefaultListGivesPermissionsAlone() throws FsException {
      walk.directory("d");
      set("d", AclKind.DEFAULT, minimal(7, 7, 0));
      make(USER, "d/f", 0666);
      assertEquals(0660, mode("d/f"));
      none("d/f", AclKind.ACCESS);
      tree.mkdir(USER, walk.inode("d"), FileName.of("e"), 0777);
      assertEquals(0770, mode("d/e"));
      assertEquals(minimal(7, 7, 0), get("d/e", AclKind.DEFAULT));
    }

    @Test
    void withoutDefaultListTheUmaskCounts() throws FsException {
      walk.directory("d");
      set("d", AclKind.ACCESS, acl(7, 7, 7, 7, 7));
      make(USER, "d/f", 0666);
      assertEquals(0644, mode("d/f"));
      none("d/f", AclKind.ACCESS);
    }

    @Test
    void whatCannotHaveAListIsRefused() throws FsException {
      walk.file("a");
      walk.symlink("s", "t");
      refused(Errno.EACCES, () -> set("a", AclKind.DEFAULT, minimal(7, 7, 7)));
      refused(Errno.EOPNOTSUPP, () -> set("s", AclKind.ACCESS, minimal(7, 7, 7)));
    }

    @Test
    void malformedListIsRefused() throws FsException {
      walk.file("a");
      change("a", AttributeChange.permissions(0640));
      refused(Errno.EINVAL, () -> set("a", AclKind.ACCESS, new byte[3], false));
      byte[] cut = Arrays.copyOf(acl(7, 7, 7, 7, 7).encode(), 20);
      refused(Errno.EINVAL, () -> set("a", AclKind.ACCESS, cut, false));
      assertEquals(0640, mode("a"));
    }
  }

  @Nested
  class Orphans {
    @Test
    void unlinkedFileLivesWhileHeld() throws FsException {
      walk.file("a", "text");
      InodeNumber orphan = walk.hold("a");
      walk.unlink("a");
      assertEquals("text", walk.text(orphan));
      walk.write(orphan, 4, " and more");
      assertEquals("text and more", walk.text(orphan));
      assertEquals(0, tree.getattr(Caller.ROOT, orphan).links());
      tree.setattr(Caller.ROOT, orphan, AttributeChange.size(1));
      tree.forget(orphan, 1);
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, orphan));
      refused(Errno.ESTALE, () -> walk.read(orphan, 0, 1));
    }

    @Test
    void everyLookupCounts() throws FsException {
      Entry made = make(Caller.ROOT, "a", 0644);
      InodeNumber inode = made.inode();
      walk.hold("a");
      tree.link(Caller.ROOT, inode, InodeNumber.ROOT, FileName.of("b"));
      tree.readdirplus(Caller.ROOT, InodeNumber.ROOT, FileHandle.NONE, 0, (entry, looked) -> true);
      walk.unlink("a");
      walk.unlink("b");
      // One of mknod, one of lookup, one of link, two of the listing, which has both names.
      tree.forget(inode, 4);
      assertEquals(0, tree.getattr(Caller.ROOT, inode).links());
      tree.forget(inode, 1);
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, inode));
    }

    @Test
    void refusedLineIsNoLookup() throws FsException {
      InodeNumber inode = walk.file("a");
      walk.hold("a");
      tree.readdirplus(
          Caller.ROOT, InodeNumber.ROOT, FileHandle.NONE, 0, (entry, looked) -> looked == null);
      walk.unlink("a");
      tree.forget(inode, 1);
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, inode));
    }

    @Test
    void namedInodeOutlivesItsLookups() throws FsException {
      InodeNumber inode = walk.file("a", "text");
      walk.hold("a");
      tree.forget(inode, 1);
      assertEquals("text", walk.text(walk.inode("a")));
    }

    @Test
    void unlinkedUnheldFileIsGone() throws FsException {
      InodeNumber inode = walk.file("a");
      walk.unlink("a");
      refused(Errno.ESTALE, () -> tree.getattr(Caller.ROOT, inode));
    }

    @Test
    void forgottenInodeIsFoundByItsNumber() throws FsException {
      InodeNumber file = walk.file("a", "text");
      InodeNumber directory = walk.directory("d");
      for (InodeNumber inode : List.of(file, directory, InodeNumber.ROOT)) {
        Entry found = tree.lookup(Caller.ROOT, inode, FileName.DOT);
        assertEquals(inode, found.inode());
        tree.forget(inode, 1);
      }
      Entry above = tree.lookup(Caller.ROOT, directory, FileName.DOT_DOT);
      assertEquals(InodeNumber.ROOT, above.inode());
      Entry found = tree.lookup(Caller.ROOT, file, FileName.DOT);
      walk.unlink("a");
      assertEquals("text", walk.text(found.inode()));
      refused(Errno.ESTALE, () -> tree.lookup(Caller.ROOT, file, FileName.DOT));
      tree.forget(file, 1);
      refused(Errno.ESTALE, () -> tree.lookup(Caller.ROOT, file, FileName.DOT));
    }

    @Test
    void inodeOfANewLifeIsDistinct() throws FsException {
      Entry first = make(Caller.ROOT, "a", 0644);
      walk.unlink("a");
      tree.forget(first.inode(), 1);
      Entry second = make(Caller.ROOT, "a", 0644);
      assertFalse(
          first.inode().equals(second.inode()) && first.generation() == second.generation());
    }

    @Test
    void rootIsNeverForgotten() throws FsException {
      tree.lookup(Caller.ROOT, InodeNumber.ROOT, FileName.DOT);
      tree.forget(InodeNumber.ROOT, 1);
      tree.getattr(Caller.ROOT, InodeNumber.ROOT);
    }

    @Test
    void freedOrphanGivesItsSpaceBack() throws FsException {
      walk.file("a");
      InodeNumber orphan = walk.hold("a");
      walk.write(orphan, 0, pattern(8 << 20, 1));
      tree.syncAll();
      long before = tree.statfs(Caller.ROOT).freeBlocks();
      walk.unlink("a");
      tree.forget(orphan, 1);
      tree.syncAll();
      StatFs after = tree.statfs(Caller.ROOT);
      assertTrue((after.freeBlocks() - before) * after.blockBytes() >= 7 << 20);
    }
  }

  @Nested
  class Listing {
    private static final int MANY = 500;

    private void makeMany() throws FsException {
      walk.directory("d");
      for (int i = 0; i < MANY; i++) {
        walk.file("d/f" + i);
      }
    }

    @Test
    void startsWithDots() throws FsException {
      InodeNumber d = walk.directory("d");
      InodeNumber f = walk.file("d/f");
      List<DirectoryEntry> lines = walk.list(d);
      assertEquals(
          List.of(FileName.DOT, FileName.DOT_DOT, FileName.of("f")),
          lines.stream().map(DirectoryEntry::name).toList());
      assertEquals(
          List.of(d, InodeNumber.ROOT, f), lines.stream().map(DirectoryEntry::inode).toList());
      assertEquals(FileType.REGULAR, lines.get(2).type());
    }

    @Test
    void goesOnAfterEachCookie() throws FsException {
      makeMany();
      InodeNumber d = walk.inode("d");
      List<DirectoryEntry> whole = walk.list(d);
      List<DirectoryEntry> stepwise = new ArrayList<>();
      Map<String, Long> at = new HashMap<>(Map.of("cookie", 0L));
      int had;
      do {
        had = stepwise.size();
        int from = had;
        tree.readdir(
            Caller.ROOT,
            d,
            FileHandle.NONE,
            at.get("cookie"),
            entry -> stepwise.size() - from < 7 && stepwise.add(entry));
        if (stepwise.size() > had) {
          at.put("cookie", stepwise.get(stepwise.size() - 1).nextCookie());
        }
      } while (stepwise.size() > had);
      assertEquals(whole, stepwise);
      assertEquals(MANY + 2, whole.size());
    }

    @Test
    void entryPresentThroughoutAppearsOnce() throws FsException {
      makeMany();
      InodeNumber d = walk.inode("d");
      List<FileName> seen = new ArrayList<>();
      long cookie = 0;
      int round = 0;
      while (true) {
        int had = seen.size();
        AtomicReference<Long> last = new AtomicReference<>(cookie);
        tree.readdir(
            Caller.ROOT,
            d,
            FileHandle.NONE,
            cookie,
            entry -> {
              if (seen.size() - had >= 10) {
                return false;
              }
              last.set(entry.nextCookie());
              return seen.add(entry.name());
            });
        if (seen.size() == had) {
          break;
        }
        cookie = last.get();
        if (round < MANY / 2) {
          // Odd files come and go; even files stay.
          walk.unlink("d/f" + (2 * round + 1));
          walk.file("d/new" + round);
          walk.rename("d/new" + round, "d/f" + (2 * (MANY / 2 - 1 - round)));
        }
        round++;
      }
      for (int i = 0; i < MANY; i += 2) {
        FileName stayed = FileName.of("f" + i);
        assertEquals(1, seen.stream().filter(stayed::equals).count(), stayed.toString());
      }
    }

    @Test
    void entryPresentThroughoutAppearsOnceBesideAnotherThread() throws Exception {
      makeMany();
      InodeNumber d = walk.inode("d");
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread churn =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 2_000; i++) {
                    walk.file("d/x" + i);
                    if (i >= 20) {
                      walk.unlink("d/x" + (i - 20));
                    }
                  }
                } catch (FsException | RuntimeException unexpected) {
                  failure.set(unexpected);
                }
              });
      churn.start();
      do {
        List<FileName> names = walk.list(d).stream().map(DirectoryEntry::name).toList();
        Set<FileName> distinct = new HashSet<>(names);
        assertEquals(names.size(), distinct.size());
        assertTrue(IntStream.range(0, MANY).allMatch(i -> distinct.contains(FileName.of("f" + i))));
      } while (churn.isAlive());
      churn.join();
      assertEquals(null, failure.get());
    }

    @Test
    void plusTellsWhatLookupTells() throws FsException {
      walk.directory("d");
      walk.file("d/f", "text");
      tree.readdirplus(
          Caller.ROOT,
          walk.inode("d"),
          FileHandle.NONE,
          0,
          (entry, looked) -> {
            assertEquals(entry.name().isDots(), looked == null);
            if (looked != null) {
              assertEquals(entry.inode(), looked.inode());
              assertEquals(4, looked.attributes().sizeBytes());
              tree.forget(looked.inode(), 1);
            }
            return true;
          });
    }

    @Test
    void onlyDirectoriesAreListed() throws FsException {
      InodeNumber file = walk.file("a");
      refused(Errno.ENOTDIR, () -> walk.list(file));
    }
  }

  @Nested
  class Allocation {
    @Test
    void allocateGrowsAndReserves() throws FsException {
      InodeNumber file = walk.file("a", "ab");
      Timestamp now = clock.tick();
      allocate(file, AllocateMode.ALLOCATE, 0, 10 * BLOCK);
      assertEquals(10 * BLOCK, walk.stat("a").sizeBytes());
      assertTrue(walk.stat("a").blocks512() >= 10 * BLOCK / 512);
      assertArrayEquals(new byte[] {'a', 'b', 0}, walk.read(file, 0, 3));
      assertEquals(now, walk.stat("a").changed());
    }

    @Test
    void keepSizeReservesBeyondTheEnd() throws FsException {
      InodeNumber file = walk.file("a", "ab");
      allocate(file, AllocateMode.ALLOCATE_KEEP_SIZE, 0, 10 * BLOCK);
      assertEquals("ab", walk.text(file));
      assertTrue(walk.stat("a").blocks512() >= 10 * BLOCK / 512);
    }

    @Test
    void punchFreesBlocksAndZeroesEdges() throws FsException {
      InodeNumber file = walk.file("a");
      byte[] content = pattern(40 * BLOCK, 7);
      walk.write(file, 0, content);
      tree.syncAll();
      long before = walk.stat("a").blocks512();
      allocate(file, AllocateMode.PUNCH_HOLE, BLOCK / 2, 30 * BLOCK);
      Arrays.fill(content, BLOCK / 2, BLOCK / 2 + 30 * BLOCK, (byte) 0);
      assertArrayEquals(content, walk.content(file));
      assertEquals(29 * BLOCK / 512, before - walk.stat("a").blocks512());
      assertEquals(40 * BLOCK, walk.stat("a").sizeBytes());
    }

    @Test
    void zeroRangeZeroes() throws FsException {
      InodeNumber file = walk.file("a");
      byte[] content = pattern(4 * BLOCK, 7);
      walk.write(file, 0, content);
      allocate(file, AllocateMode.ZERO_RANGE_KEEP_SIZE, 3 * BLOCK + 1, 9 * BLOCK);
      Arrays.fill(content, 3 * BLOCK + 1, 4 * BLOCK, (byte) 0);
      assertArrayEquals(content, walk.content(file));
      allocate(file, AllocateMode.ZERO_RANGE, 100, 5 * BLOCK);
      byte[] grown = Arrays.copyOf(content, 5 * BLOCK + 100);
      Arrays.fill(grown, 100, grown.length, (byte) 0);
      assertArrayEquals(grown, walk.content(file));
    }

    @Test
    void seekFindsDataAndHoles() throws FsException {
      InodeNumber file = walk.file("a");
      walk.write(file, 20 * BLOCK + 5, "x");
      walk.write(file, 100 * BLOCK, "y");
      change("a", AttributeChange.size(200 * BLOCK));
      assertEquals(0, seek(file, 0, SeekTarget.HOLE));
      assertEquals(20 * BLOCK, seek(file, 3, SeekTarget.DATA));
      assertEquals(20 * BLOCK + 7, seek(file, 20 * BLOCK + 7, SeekTarget.DATA));
      assertEquals(21 * BLOCK, seek(file, 20 * BLOCK, SeekTarget.HOLE));
      assertEquals(100 * BLOCK, seek(file, 21 * BLOCK, SeekTarget.DATA));
      refused(Errno.ENXIO, () -> seek(file, 101 * BLOCK, SeekTarget.DATA));
      assertEquals(150 * BLOCK, seek(file, 150 * BLOCK, SeekTarget.HOLE));
      refused(Errno.ENXIO, () -> seek(file, 200 * BLOCK, SeekTarget.HOLE));
      refused(Errno.ENXIO, () -> seek(file, 200 * BLOCK, SeekTarget.DATA));
    }

    @Test
    void endIsAHole() throws FsException {
      InodeNumber file = walk.file("a", "text");
      assertEquals(4, seek(file, 0, SeekTarget.HOLE));
      assertEquals(1, seek(file, 1, SeekTarget.DATA));
    }

    @Test
    void punchedBlocksAreHoles() throws FsException {
      InodeNumber file = walk.file("a");
      walk.write(file, 0, pattern(8 * BLOCK, 1));
      allocate(file, AllocateMode.PUNCH_HOLE, 2 * BLOCK, 3 * BLOCK);
      assertEquals(2 * BLOCK, seek(file, 0, SeekTarget.HOLE));
      assertEquals(5 * BLOCK, seek(file, 2 * BLOCK, SeekTarget.DATA));
    }

    @Test
    void onlyFilesAreAllocated() throws FsException {
      InodeNumber symlink = walk.symlink("s", "t");
      refused(Errno.EISDIR, () -> allocate(InodeNumber.ROOT, AllocateMode.ALLOCATE, 0, 1));
      refused(Errno.ENODEV, () -> allocate(symlink, AllocateMode.ALLOCATE, 0, 1));
    }

    @Test
    void endlessAllocationIsRefused() throws FsException {
      InodeNumber file = walk.file("a");
      refused(Errno.EFBIG, () -> allocate(file, AllocateMode.ALLOCATE, Long.MAX_VALUE - 4, 5));
      refused(Errno.EFBIG, () -> allocate(file, AllocateMode.ALLOCATE, 10, Long.MAX_VALUE));
    }

    @Test
    void moreThanThereIsIsRefused() throws FsException {
      InodeNumber file = walk.file("a", "text");
      StatFs before = tree.statfs(Caller.ROOT);
      long tooMuch = (before.totalBlocks() + 1) * before.blockBytes();
      refused(Errno.ENOSPC, () -> allocate(file, AllocateMode.ALLOCATE, 0, tooMuch));
      assertEquals(4, walk.stat("a").sizeBytes());
      assertEquals("text", walk.text(file));
    }
  }
}
