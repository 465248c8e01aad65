package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The laws of a tree that cannot be changed through its operations. */
public abstract class ReadOnlyContract {
  private VirtualFileSystem tree;
  private PathWalk walk;

  /** A tree with at least one directory, which is not empty, and one regular file. */
  protected abstract VirtualFileSystem newTree() throws IOException;

  /** Path of a regular file in it that is not empty. */
  protected abstract String filePath();

  @BeforeEach
  final void makeTree() throws IOException {
    tree = newTree();
    walk = new PathWalk(tree);
  }

  @AfterEach
  final void closeTree() throws IOException {
    tree.close();
  }

  private static void refused(Errno expected, Executable operation) {
    assertEquals(expected, assertThrows(FsException.class, operation).errno());
  }

  @Test
  void saysThatItIsReadOnly() {
    assertTrue(tree.traits().readOnly());
  }

  @Test
  void everyChangeIsRefused() throws FsException {
    InodeNumber file = walk.inode(filePath());
    InodeNumber root = InodeNumber.ROOT;
    FileName name = FileName.of("new");
    XattrName xattr = XattrName.of("user.x");
    FileHandle handle = FileHandle.NONE;
    List<Executable> changes =
        List.of(
            () -> tree.mknod(Caller.ROOT, root, name, FileType.REGULAR, 0644, 0),
            () -> tree.mkdir(Caller.ROOT, root, name, 0755),
            () -> tree.symlink(Caller.ROOT, root, name, new byte[] {'t'}),
            () -> tree.link(Caller.ROOT, file, root, name),
            () -> tree.unlink(Caller.ROOT, walk.above(filePath()), PathWalk.name(filePath())),
            () -> tree.rmdir(Caller.ROOT, root, name),
            () -> walk.rename(filePath(), "new"),
            () -> tree.setattr(Caller.ROOT, file, AttributeChange.permissions(0600)),
            () -> tree.setattr(Caller.ROOT, file, AttributeChange.size(0)),
            () -> tree.create(Caller.ROOT, root, name, 0644, OpenFlags.READ_WRITE),
            () -> tree.tmpfile(Caller.ROOT, root, 0644, OpenFlags.READ_WRITE),
            () ->
                tree.write(
                    Caller.ROOT, file, handle, 0, ByteBuffer.allocate(1), PrivilegeLoss.NONE),
            () -> tree.allocate(Caller.ROOT, file, handle, AllocateMode.ALLOCATE, 0, 1),
            () -> tree.copyRange(Caller.ROOT, file, handle, 0, file, handle, 9, 1),
            () -> tree.setxattr(Caller.ROOT, file, xattr, new byte[1], XattrMode.SET, false),
            () -> tree.removexattr(Caller.ROOT, file, xattr));
    for (Executable change : changes) {
      refused(Errno.EROFS, change);
    }
    assertFalse(walk.exists("new"));
  }

  @Test
  void syncingSucceeds() throws FsException {
    tree.fsync(Caller.ROOT, walk.inode(filePath()), FileHandle.NONE, false);
    tree.syncAll();
  }

  @Test
  void readingWorksThroughAnOpen() throws FsException {
    InodeNumber file = walk.hold(filePath());
    FileHandle handle =
        tree.traits().statelessOpen()
            ? FileHandle.NONE
            : tree.open(Caller.ROOT, file, OpenFlags.READ_ONLY).handle();
    ByteBuffer into = ByteBuffer.allocate(1);
    assertEquals(1, tree.read(Caller.ROOT, file, handle, 0, into));
    tree.release(file, handle);
    tree.forget(file, 1);
  }

  @Test
  void listingAndLookupAgreeEverywhere() throws FsException {
    List<InodeNumber> directories = new ArrayList<>(List.of(InodeNumber.ROOT));
    for (int i = 0; i < directories.size(); i++) {
      InodeNumber directory = directories.get(i);
      for (DirectoryEntry entry : walk.list(directory)) {
        Entry looked = tree.lookup(Caller.ROOT, directory, entry.name());
        assertEquals(entry.inode(), looked.inode(), entry.toString());
        assertEquals(entry.type(), looked.attributes().type(), entry.toString());
        if (!entry.name().isDots() && looked.attributes().isDirectory()) {
          directories.add(looked.inode());
        }
      }
    }
    assertTrue(directories.size() > 1, "no directory below the root");
  }

  @Test
  void absentNameIsRefused() {
    refused(Errno.ENOENT, () -> walk.inode("no-such-name"));
    refused(Errno.ENOTDIR, () -> walk.inode(filePath() + "/x"));
  }
}
