package org.telosfs.vfs.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;

/** Many threads on one small name space: nothing hangs, and the tree is whole afterwards. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryFileSystemThreadsTest {
  private static final int THREADS = 6;
  private static final int OPERATIONS = 20_000;
  private static final int BLOCK = 4096;

  private final MemoryFileSystem tree =
      new MemoryFileSystem(
          InstantSource.system(), 512L << 20, FileSystemTraits.soleWriter("memory"));
  private final PathWalk walk = new PathWalk(tree);

  private void inParallel(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
      assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void randomOperationsLeaveAWholeTree() throws Exception {
    StatFs empty = tree.statfs(Caller.ROOT, InodeNumber.ROOT);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int seed = 1; seed <= THREADS; seed++) {
      List<VfsOperation> operations = VfsOperation.sequence(seed, OPERATIONS);
      tasks.add(
          () -> {
            VfsSession session = new VfsSession(tree);
            operations.forEach(operation -> operation.applyTo(session));
            session.releaseAll();
            return null;
          });
    }
    inParallel(tasks);
    assertLinkCountsAreRight();
    walk.removeBelow("");
    assertEquals(empty, tree.statfs(Caller.ROOT, InodeNumber.ROOT));
    assertEquals(2, walk.stat("").links());
  }

  private void assertLinkCountsAreRight() throws FsException {
    Map<InodeNumber, Integer> names = new HashMap<>();
    Map<InodeNumber, Attributes> found = new HashMap<>();
    count("", names, found);
    for (Map.Entry<InodeNumber, Attributes> inode : found.entrySet()) {
      assertEquals(names.get(inode.getKey()), inode.getValue().links(), inode.toString());
    }
  }

  private void count(
      String path, Map<InodeNumber, Integer> names, Map<InodeNumber, Attributes> found)
      throws FsException {
    found.put(walk.inode(path), walk.stat(path));
    for (DirectoryEntry entry : walk.list(walk.inode(path))) {
      names.merge(entry.inode(), 1, Integer::sum);
      if (!entry.name().isDots()) {
        String below = path + "/" + entry.name();
        found.put(entry.inode(), walk.stat(below));
        if (found.get(entry.inode()).isDirectory()) {
          count(below, names, found);
        }
      }
    }
  }

  /** With as many nodes between them as there are locks, two directories share one. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1023, 0", "0, 1023", "1023, 1023"})
  void directoriesMovedIntoEachOtherFormNoLoop(int nodesBefore, int nodesBetween) throws Exception {
    for (int i = 0; i < nodesBefore; i++) {
      walk.file("before" + i);
    }
    walk.directory("a");
    for (int i = 0; i < nodesBetween; i++) {
      walk.file("between" + i);
    }
    walk.directory("b");
    List<Callable<Void>> tasks = new ArrayList<>();
    for (String[] move : new String[][] {{"a", "b/a"}, {"b", "a/b"}, {"b/a", "a"}, {"a/b", "b"}}) {
      tasks.add(
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              try {
                walk.rename(move[0], move[1]);
              } catch (FsException refusal) {
                assertTrue(
                    refusal.errno() == Errno.ENOENT
                        || refusal.errno() == Errno.EINVAL
                        || refusal.errno() == Errno.ENOTEMPTY,
                    refusal.toString());
              }
            }
            return null;
          });
    }
    inParallel(tasks);
    walk.removeBelow("");
    assertEquals(2, walk.stat("").links());
  }

  @Test
  void readsSeeWholeWrites() throws Exception {
    InodeNumber file = walk.file("f");
    walk.write(file, 0, new byte[BLOCK]);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 2; thread++) {
      byte[] mine = new byte[BLOCK];
      java.util.Arrays.fill(mine, (byte) (thread + 1));
      tasks.add(
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              walk.write(file, 0, mine);
            }
            return null;
          });
      tasks.add(
          () -> {
            for (int i = 0; i < OPERATIONS; i++) {
              byte[] seen = walk.read(file, 0, BLOCK);
              assertEquals(seen[0], seen[BLOCK - 1]);
            }
            return null;
          });
    }
    inParallel(tasks);
  }
}
