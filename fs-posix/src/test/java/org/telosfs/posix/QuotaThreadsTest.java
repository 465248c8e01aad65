package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.PrivilegeLoss;

/** Many at once: no limit is exceeded, and nothing is miscounted while quotas come and go. */
@Timeout(120)
class QuotaThreadsTest {
  private static final int BLOCK = 4096;
  private static final int THREADS = 4;
  private static final int OPERATIONS = 3_000;
  private static final QuotaLimits LIMITS = new QuotaLimits(120, 50);

  private final MemoryBlockDevice device = new MemoryBlockDevice(BLOCK, (64 << 20) / BLOCK);

  private PosixFileSystem open() throws IOException {
    return PosixFileSystem.open(
        Volume.open(device, VolumeConfig.defaults()), PosixConfig.standard());
  }

  /** Fills and empties a directory of its own, beside the other threads; returns refusals. */
  private static int work(PosixFileSystem tree, String directory, int seed, AtomicBoolean enough)
      throws FsException {
    PathWalk walk = new PathWalk(tree);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < OPERATIONS || !enough.get(); i++) {
      String path = directory + "/f" + random.nextInt(20);
      try {
        switch (random.nextInt(5)) {
          case 0 -> walk.file(path);
          case 1 -> walk.unlink(path);
          case 2 -> walk.rename(path, directory + "/f" + random.nextInt(20));
          default -> {
            InodeNumber file = walk.inode(path);
            tree.write(
                Caller.ROOT,
                file,
                FileHandle.NONE,
                (long) random.nextInt(12) * BLOCK,
                ByteBuffer.allocate((1 + random.nextInt(4)) * BLOCK),
                PrivilegeLoss.NONE);
          }
        }
      } catch (FsException refusal) {
        refused += refusal.errno() == Errno.EDQUOT ? 1 : 0;
        assertTrue(
            List.of(Errno.EDQUOT, Errno.ENOENT, Errno.EEXIST, Errno.ESTALE)
                .contains(refusal.errno()),
            refusal::getMessage);
      }
    }
    return refused;
  }

  /** Returns how often the quota was met. */
  private static int inThreads(PosixFileSystem tree, Callable<Void> meanwhile) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int seed = i;
        workers.add(threads.submit(() -> work(tree, "work/d" + seed, seed, enough)));
      }
      try {
        meanwhile.call();
      } finally {
        enough.set(true);
      }
      int refused = 0;
      for (Future<Integer> worker : workers) {
        refused += worker.get();
      }
      return refused;
    } finally {
      threads.shutdownNow();
    }
  }

  private PosixFileSystem fresh() throws IOException, FsException {
    PosixFixture.format(device, InstantSource.system());
    PosixFileSystem tree = open();
    PathWalk walk = new PathWalk(tree);
    walk.directory("work");
    for (int i = 0; i < THREADS; i++) {
      walk.directory("work/d" + i);
    }
    return tree;
  }

  private void closeAndCheck(PosixFileSystem tree) throws IOException {
    tree.close();
    try (Volume volume = Volume.open(device, VolumeConfig.deterministic())) {
      TreeHealth.assertConsistentWithoutOrphans(volume);
      TreeHealth.assertScrubbed(volume);
    }
  }

  @Test
  void noLimitIsExceeded() throws Exception {
    PosixFileSystem tree = fresh();
    tree.quotas().setDirectory(new PathWalk(tree).inode("work"), LIMITS);
    int met =
        inThreads(
            tree,
            () -> {
              for (int i = 0; i < 2_000; i++) {
                for (QuotaReport report : tree.quotas().list()) {
                  if (report.directory() != 0) {
                    assertTrue(report.usage().blocks() <= LIMITS.blocks(), report::toString);
                    assertTrue(report.usage().inodes() <= LIMITS.inodes(), report::toString);
                  }
                }
              }
              return null;
            });
    assertTrue(met > 0, () -> "the quota was met " + met + " times");
    closeAndCheck(tree);
  }

  @Test
  void quotasComeAndGoMeanwhile() throws Exception {
    PosixFileSystem tree = fresh();
    PathWalk walk = new PathWalk(tree);
    inThreads(
        tree,
        () -> {
          for (int i = 0; i < 30; i++) {
            InodeNumber directory = walk.inode(i % 3 == 0 ? "work/d1" : "work");
            if (i % 5 == 4) {
              tree.quotas().removeDirectory(directory);
            } else {
              tree.quotas().setDirectory(directory, LIMITS);
            }
            tree.quotas().set(QuotaSubject.user(0), new QuotaLimits(1 + i, 0));
          }
          return null;
        });
    tree.quotas().removeDirectory(walk.inode("work/d1"));
    tree.quotas().removeDirectory(walk.inode("work"));
    assertEquals(
        List.of(),
        tree.quotas().list().stream()
            .filter(report -> report.subject().kind() == QuotaSubject.Kind.DIRECTORY)
            .toList());
    closeAndCheck(tree);
  }
}
