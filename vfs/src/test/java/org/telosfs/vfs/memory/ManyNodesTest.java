package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/** More nodes than one slab has, and the same records used by many, one after another. */
class ManyNodesTest {
  private static final int FILES = 140_000;

  private final MemoryFileSystem tree =
      new MemoryFileSystem(
          InstantSource.system(), 256L << 20, FileSystemTraits.soleWriter("memory"));

  private static FileName name(int index) {
    return FileName.of("f" + index);
  }

  private Entry make(int index) throws FsException {
    return tree.mknod(Caller.ROOT, InodeNumber.ROOT, name(index), FileType.REGULAR, 0644, 0);
  }

  @Test
  void everyNodeKeepsItsAttributes() throws FsException {
    InodeNumber first = make(0).inode();
    tree.setattr(Caller.ROOT, first, AttributeChange.size(5));
    for (int i = 1; i < FILES; i++) {
      make(i);
    }
    assertEquals(5, tree.getattr(Caller.ROOT, first).sizeBytes());
    for (int i = 0; i < FILES; i++) {
      Entry found = tree.lookup(Caller.ROOT, InodeNumber.ROOT, name(i));
      assertEquals(first.value() + i, found.inode().value());
      assertEquals(found.attributes(), tree.getattr(Caller.ROOT, found.inode()));
    }
  }

  @Test
  void noInodeNumberComesTwice() throws FsException {
    long inodes = tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeInodes();
    Set<InodeNumber> given = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      InodeNumber made = make(i).inode();
      assertTrue(given.add(made), made.toString());
      tree.unlink(Caller.ROOT, InodeNumber.ROOT, name(i));
      assertEquals(0, tree.getattr(Caller.ROOT, made).links());
      tree.forget(made, 1);
      for (InodeNumber gone : List.of(made, given.iterator().next())) {
        FsException refusal =
            assertThrows(FsException.class, () -> tree.getattr(Caller.ROOT, gone));
        assertEquals(Errno.ESTALE, refusal.errno());
      }
    }
    assertEquals(inodes, tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeInodes());
  }

  @Test
  void numbersThatWereNeverGivenAreStale() {
    for (long never : new long[] {2, 1L << 32, (1L << 32) + 1, -1, Integer.MAX_VALUE}) {
      FsException refusal =
          assertThrows(FsException.class, () -> tree.getattr(Caller.ROOT, new InodeNumber(never)));
      assertEquals(Errno.ESTALE, refusal.errno());
    }
  }
}
