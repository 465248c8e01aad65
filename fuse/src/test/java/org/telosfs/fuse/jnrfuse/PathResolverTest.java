package org.telosfs.fuse.jnrfuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.memory.MemoryFileSystem;

class PathResolverTest {
  private final MemoryFileSystem tree =
      new MemoryFileSystem(InstantSource.system(), 1 << 20, FileSystemTraits.soleWriter("telosfs"));
  private final PathResolver paths = new PathResolver(tree);
  private InodeNumber file = InodeNumber.ROOT;

  @BeforeEach
  void makeDirectoryWithFile() throws FsException {
    Entry directory = tree.mkdir(Caller.ROOT, InodeNumber.ROOT, FileName.of("d"), 0755);
    Entry made =
        tree.mknod(Caller.ROOT, directory.inode(), FileName.of("f"), FileType.REGULAR, 0644, 0);
    file = made.inode();
    tree.forget(directory.inode(), 1);
    tree.forget(file, 1);
  }

  @Test
  void rootIsThePathSlash() throws FsException {
    try (PathResolver.Resolved root = paths.resolve(Caller.ROOT, "/")) {
      assertEquals(InodeNumber.ROOT, root.inode());
    }
  }

  @Test
  void resolvesEachComponent() throws FsException {
    try (PathResolver.Resolved found = paths.resolve(Caller.ROOT, "/d/f")) {
      assertEquals(file, found.inode());
    }
  }

  @Test
  void closingGivesTheLookupBackSoThatAnUnlinkedFileIsFreed() throws FsException {
    try (PathResolver.Resolved found = paths.resolve(Caller.ROOT, "/d/f");
        PathResolver.Place place = paths.place(Caller.ROOT, "/d/f")) {
      tree.unlink(Caller.ROOT, place.directory(), place.name());
      assertEquals(0, tree.getattr(Caller.ROOT, found.inode()).links());
    }
    FsException gone = assertThrows(FsException.class, () -> tree.getattr(Caller.ROOT, file));
    assertEquals(Errno.ESTALE, gone.errno());
  }

  @Test
  void failedWalkGivesItsLookupsBack() throws FsException {
    FsException missing =
        assertThrows(FsException.class, () -> paths.resolve(Caller.ROOT, "/d/f/below"));
    assertEquals(Errno.ENOTDIR, missing.errno());
    try (PathResolver.Place place = paths.place(Caller.ROOT, "/d/f")) {
      tree.unlink(Caller.ROOT, place.directory(), place.name());
    }
    assertThrows(FsException.class, () -> tree.getattr(Caller.ROOT, file));
  }

  @Test
  void rootHasNoPlace() {
    FsException busy = assertThrows(FsException.class, () -> paths.place(Caller.ROOT, "/"));
    assertEquals(Errno.EBUSY, busy.errno());
  }
}
