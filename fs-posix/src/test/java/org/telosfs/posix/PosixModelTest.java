package org.telosfs.posix;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.ModelComparison;
import org.telosfs.vfs.TreeSnapshot;
import org.telosfs.vfs.memory.MemoryFileSystem;

/** Random operations, on the memory tree and on a volume, with epochs and remounts in between. */
class PosixModelTest {
  private static final int STEPS = Boolean.getBoolean("telosfs.long") ? 200_000 : 6_000;
  private static final long BYTES = 256L << 20;

  private final ManualClock clock = new ManualClock();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void agreesWithTheMemoryTree(long seed) throws IOException, FsException {
    MemoryBlockDevice device = new MemoryBlockDevice(4096, BYTES / 4096);
    MemoryFileSystem model =
        new MemoryFileSystem(clock, BYTES, FileSystemTraits.soleWriter("model"));
    PosixFileSystem real = PosixFixture.fresh(device, clock);
    ModelComparison comparison = new ModelComparison(seed, STEPS, clock, model, real);
    for (int round = 0; comparison.hasNext(); round++) {
      comparison.run(150);
      real.endEpoch();
      if (round % 5 == 4) {
        comparison.compare(TreeSnapshot.Times.MODIFIED);
        comparison.releaseAll();
        real.close();
        try (Volume volume = Volume.open(device, VolumeConfig.deterministic())) {
          TreeHealth.assertConsistentWithoutOrphans(volume);
        }
        real = PosixFixture.mount(device, clock);
        comparison.remounted(real);
        comparison.compare(TreeSnapshot.Times.MODIFIED);
      }
    }
    real.close();
  }
}
