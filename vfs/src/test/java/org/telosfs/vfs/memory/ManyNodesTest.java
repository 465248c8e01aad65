package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.InstantSource;
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

/** More nodes than keep their entry, and than one page of numbers has. */
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
  void attributesOutliveTheCachedEntry() throws FsException {
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
  void removedNodesAreGoneAndNumbersGoOn() throws FsException {
    long inodes = tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeInodes();
    InodeNumber last = InodeNumber.ROOT;
    for (int i = 0; i < 20_000; i++) {
      InodeNumber made = make(i).inode();
      assertEquals(last.value() + 1, made.value());
      tree.unlink(Caller.ROOT, InodeNumber.ROOT, name(i));
      assertEquals(0, tree.getattr(Caller.ROOT, made).links());
      tree.forget(made, 1);
      FsException gone = assertThrows(FsException.class, () -> tree.getattr(Caller.ROOT, made));
      assertEquals(Errno.ESTALE, gone.errno());
      last = made;
    }
    assertEquals(inodes, tree.statfs(Caller.ROOT, InodeNumber.ROOT).freeInodes());
  }
}
