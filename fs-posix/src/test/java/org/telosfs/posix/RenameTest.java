package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.TreeSnapshot;

class RenameTest {
  private final ManualClock clock = new ManualClock();
  private final BlockDevice device = new MemoryBlockDevice(4096, 16384);
  private PosixFileSystem tree;
  private PathWalk walk;

  @BeforeEach
  void format() throws IOException {
    use(PosixFixture.fresh(device, clock));
  }

  @AfterEach
  void close() throws IOException {
    tree.close();
  }

  private void use(PosixFileSystem mounted) {
    tree = mounted;
    walk = new PathWalk(mounted);
  }

  private void sameAfterMount() throws IOException, FsException {
    TreeSnapshot before = TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED);
    tree.close();
    use(PosixFixture.mount(device, clock));
    assertEquals(
        List.of(), before.differencesTo(TreeSnapshot.of(tree, TreeSnapshot.Times.MODIFIED)));
  }

  @Test
  void everyModeIsTheSameAfterAMount() throws IOException, FsException {
    walk.directory("a");
    walk.directory("a/b");
    walk.file("a/b/f", "one");
    walk.directory("c");
    walk.file("g", "two");
    walk.rename("a/b", "c");
    walk.rename("g", "a/g", RenameMode.NO_REPLACE);
    walk.rename("a/g", "c/f", RenameMode.EXCHANGE);
    sameAfterMount();
    assertEquals("two", walk.text(walk.inode("c/f")));
    assertEquals("one", walk.text(walk.inode("a/g")));
    assertEquals(InodeNumber.ROOT, walk.inode("c/.."));
    assertEquals(4, walk.stat("").links());
    assertEquals(2, walk.stat("a").links());
  }

  @Test
  void waitingDataMovesAlong() throws IOException, FsException {
    walk.file("new", "new text");
    walk.file("old", "old");
    walk.rename("new", "old");
    sameAfterMount();
    assertEquals("new text", walk.text(walk.inode("old")));
    assertFalse(walk.exists("new"));
  }

  /** Threads move directories into each other; nothing hangs, and nothing falls off the tree. */
  @Test
  void directoriesMovedByManyThreadsStayOneTree() throws Exception {
    List<String> names = List.of("a", "b", "c", "d");
    for (String name : names) {
      walk.directory(name);
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    Future<?>[] done = new Future<?>[3];
    for (int t = 0; t < done.length; t++) {
      Random random = new Random(t);
      done[t] =
          threads.submit(
              () -> {
                for (int i = 0; i < 1_500; i++) {
                  move(names, random);
                }
                return null;
              });
    }
    for (Future<?> one : done) {
      one.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    int directories = TreeSnapshot.of(tree).lines().size() - 1;
    assertEquals(names.size(), directories);
    sameAfterMount();
  }

  private void move(List<String> names, Random random) {
    String from = path(names, random);
    String to = path(names, random) + "/" + names.get(random.nextInt(names.size()));
    RenameMode mode = random.nextInt(4) == 0 ? RenameMode.EXCHANGE : RenameMode.NO_REPLACE;
    try {
      if (random.nextInt(3) == 0) {
        walk.rename(from, from.substring(from.lastIndexOf('/') + 1), mode);
      } else {
        walk.rename(from, to, mode);
      }
    } catch (FsException refusal) {
      List<Errno> expected =
          List.of(Errno.ENOENT, Errno.EINVAL, Errno.EEXIST, Errno.EBUSY, Errno.ESTALE);
      assertTrue(expected.contains(refusal.errno()), refusal.toString());
    }
  }

  private static String path(List<String> names, Random random) {
    StringBuilder path = new StringBuilder(names.get(random.nextInt(names.size())));
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      path.append('/').append(names.get(random.nextInt(names.size())));
    }
    return path.toString();
  }
}
