package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.DataExtent;

/** What was on disk when a volume was opened is long written over, and nobody notices. */
class VolumeManyCheckpointsTest {
  private static final long GROUP_BYTES = 64 << 20;
  private static final int GROUP_BLOCKS = 16_384;
  private static final int CHECKPOINTS = 300;

  @Test
  void partsOfTheDeviceThatAreFirstUsedAfterManyCheckpointsCanBeUsed() throws IOException {
    BlockDevice device = VolumeFixture.formatted(4 * GROUP_BYTES);
    try (Volume volume = VolumeFixture.open(device)) {
      for (int i = 0; i < CHECKPOINTS; i++) {
        VolumeFixture.put(volume, "key" + i, "value");
        VolumeFixture.sync(volume);
        volume.checkpoint();
      }
      for (int group = 1; group < 4; group++) {
        try (Reservation reservation = volume.reserve(1);
            VolumeTransaction tx = volume.begin(Purpose.GROW)) {
          long near = (long) group * GROUP_BLOCKS + 5;
          List<DataExtent> taken = volume.extents().allocateUnwritten(tx, reservation, near, 1);
          assertEquals(near, taken.get(0).startBlock());
        }
      }
    }
  }
}
