package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
 * Wherever memory outside the heap ends, an operation is done or refused: the tree is the same as
 * one with memory enough on which what was refused was never tried, and all space comes back.
 */
class MemoryShortageTest {
  private static final int OPERATIONS = 400;
  private static final long ENOUGH = 1L << 30;

  private static MemoryFileSystem tree(long records) {
    return new MemoryFileSystem(
        new ManualClock(),
        new MemorySpace(ENOUGH, new Slabs(1, records)),
        FileSystemTraits.soleWriter("memory"),
        AccessTimes.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void refusedOperationsChangeNothing(long seed) throws FsException {
    List<VfsOperation> operations = VfsOperation.sequence(seed, OPERATIONS);
    long refused = 1;
    for (long records = 4; refused > 0; records += 1 + records / 24) {
      refused = refusedWith(records, operations, "seed " + seed + ", " + records + " records");
    }
  }

  private static long refusedWith(long records, List<VfsOperation> operations, String where)
      throws FsException {
    MemoryFileSystem tree = tree(records);
    StatFs empty = tree.statfs(Caller.ROOT, InodeNumber.ROOT);
    VfsSession session = new VfsSession(tree);
    VfsSession model = new VfsSession(tree(ENOUGH));
    long refused = 0;
    for (VfsOperation operation : operations) {
      String result = operation.applyTo(session);
      if (result.equals(Errno.ENOSPC.name())) {
        refused++;
      } else {
        assertEquals(operation.applyTo(model), result, where + ": " + operation);
      }
    }
    assertEquals(TreeSnapshot.of(model.tree()), TreeSnapshot.of(tree), where);
    assertTrue(
        tree.statfs(Caller.ROOT, InodeNumber.ROOT)
            .equals(model.tree().statfs(Caller.ROOT, InodeNumber.ROOT)),
        where);
    session.releaseAll();
    session.walk().removeBelow("");
    assertEquals(empty, tree.statfs(Caller.ROOT, InodeNumber.ROOT), where);
    return refused;
  }
}
