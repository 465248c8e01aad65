package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;

/**
 * Wherever memory ends, an operation is done or refused: the tree is the same as one with memory
 * enough on which what was refused was never tried, and all space comes back.
 */
class MemoryShortageTest {
  private static final int OPERATIONS = 400;
  private static final long ENOUGH = 1L << 30;

  private static MemorySpace space(long records, long heapBytes) {
    return new MemorySpace(ENOUGH, new Slabs(1, records), heapBytes);
  }

  private static MemoryFileSystem tree(MemorySpace space) {
    return new MemoryFileSystem(
        new ManualClock(), space, FileSystemTraits.soleWriter("memory"), AccessTimes.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void operationsWithoutMemoryOutsideTheHeapChangeNothing(long seed) throws FsException {
    long refused = 1;
    for (long records = 4; refused > 0; records += 1 + records / 24) {
      refused = refused(seed, space(records, ENOUGH), records + " records");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void operationsWithoutHeapChangeNothing(long seed) throws FsException {
    long refused = 1;
    for (long bytes = 256; refused > 0; bytes += 150) {
      refused = refused(seed, space(ENOUGH, bytes), bytes + " bytes of heap");
    }
  }

  /** How many operations of the seed were refused for want of space; all others did the same. */
  private static long refused(long seed, MemorySpace space, String text) throws FsException {
    String where = "seed " + seed + ", " + text;
    MemoryFileSystem tree = tree(space);
    long emptyHeap = space.freeHeapBytes();
    StatFs empty = tree.statfs(Caller.ROOT, InodeNumber.ROOT);
    VfsSession session = new VfsSession(tree);
    VfsSession model = new VfsSession(tree(space(ENOUGH, ENOUGH)));
    long refused = 0;
    for (VfsOperation operation : VfsOperation.sequence(seed, OPERATIONS)) {
      String result = operation.applyTo(session);
      if (result.equals(Errno.ENOSPC.name())) {
        refused++;
      } else {
        assertEquals(operation.applyTo(model), result, where + ": " + operation);
      }
    }
    assertEquals(TreeSnapshot.of(model.tree()), TreeSnapshot.of(tree), where);
    StatFs expected = model.tree().statfs(Caller.ROOT, InodeNumber.ROOT);
    assertEquals(expected, tree.statfs(Caller.ROOT, InodeNumber.ROOT), where);
    session.releaseAll();
    session.walk().removeBelow("");
    assertEquals(empty, tree.statfs(Caller.ROOT, InodeNumber.ROOT), where);
    assertEquals(emptyHeap, space.freeHeapBytes(), where);
    return refused;
  }
}
