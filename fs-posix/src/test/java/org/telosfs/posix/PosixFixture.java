package org.telosfs.posix;

import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.block.volume.VolumeFormat;

/** Filesystems for tests: without threads, so that the same operations do the same writes. */
final class PosixFixture {
  private static final UUID ID = new UUID(0x7E105F5L, 1);

  private PosixFixture() {}

  /** Formats a device and mounts it. */
  static PosixFileSystem fresh(BlockDevice device, InstantSource clock) throws IOException {
    format(device, clock);
    return mount(device, clock);
  }

  static void format(BlockDevice device, InstantSource clock) throws IOException {
    Volume.format(device, VolumeFormat.withId(ID));
    try (Volume volume = Volume.open(device, VolumeConfig.deterministic())) {
      PosixFormatter.format(volume, clock, 0, 0);
    }
  }

  static PosixFileSystem mount(BlockDevice device, InstantSource clock) throws IOException {
    return PosixFileSystem.open(
        Volume.open(device, VolumeConfig.deterministic()), PosixConfig.deterministic(clock));
  }
}
