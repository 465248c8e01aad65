package org.telosfs.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.FileBlockDevice;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeFormat;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.posix.PosixFormatter;

/** Makes a store: wholly, or not at all. The volume gets its name last. */
public final class StoreCreation {
  /** Size of a volume if nobody says another; sparse, so that it costs nothing. */
  public static final long DEFAULT_VOLUME_BYTES = 64L << 30;

  private static final long LEAST_FREE_BYTES = 16 << 20;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final StoreLayout store;

  private StoreCreation(StoreLayout store) {
    this.store = store;
  }

  /**
   * Makes an empty store.
   *
   * @param volumeBytes of the POSIX tree's volume
   * @throws Refusal NOT_FOUND if something is there already, USAGE for a size that is too small,
   *     FULL if there is no room to begin with
   */
  public static void create(StoreLayout store, long volumeBytes) throws IOException {
    if (!store.isFree()) {
      throw new Refusal(
          ExitCode.NOT_FOUND,
          store.directory()
              + (store.exists()
                  ? " is a store already; mount it with: telosfs up " + store.directory()
                  : " is not empty and no store; choose another directory"));
    }
    if (volumeBytes < VolumeFormat.LEAST_DEVICE_BYTES) {
      throw new Refusal(
          ExitCode.USAGE,
          "a volume's size is at least " + (VolumeFormat.LEAST_DEVICE_BYTES >> 20) + "M");
    }
    boolean fresh = !Files.exists(store.directory());
    StoreCreation creation = new StoreCreation(store);
    try {
      Files.createDirectories(store.directory());
      creation.requireRoom();
      creation.fill(volumeBytes & -BlockGeometry.BLOCK_BYTES);
    } catch (IOException | RuntimeException failed) {
      creation.removeAfter(failed, fresh);
      throw failed;
    }
  }

  private void requireRoom() throws IOException {
    long free = Files.getFileStore(store.directory()).getUsableSpace();
    if (free < LEAST_FREE_BYTES) {
      throw new Refusal(
          ExitCode.FULL,
          store.directory()
              + ": only "
              + (free >> 10)
              + " KiB are free there, and a store begins with "
              + (LEAST_FREE_BYTES >> 20)
              + " MiB; make room or choose another disk");
    }
  }

  private void fill(long volumeBytes) throws IOException {
    Files.createDirectory(store.run(), OWNER_ONLY);
    Files.createDirectory(store.objects(), OWNER_ONLY);
    Files.createDirectory(store.posix());
    Files.createDirectory(store.image());
    LocalObjectStore.create(new HostStorageDirectory(store.objects()));
    Path unfinished = unfinishedVolume();
    try (FileBlockDevice device = FileBlockDevice.create(unfinished, volumeBytes)) {
      Volume.format(device, VolumeFormat.fresh());
    }
    Path self = Path.of("/proc/self");
    try (Volume volume = StoreVolume.openVolume(unfinished, FileBlockDevice::open)) {
      PosixFormatter.format(
          volume,
          InstantSource.system(),
          (Integer) Files.getAttribute(self, "unix:uid"),
          (Integer) Files.getAttribute(self, "unix:gid"));
    }
    sync(store.directory());
    Files.move(unfinished, store.volume(), StandardCopyOption.ATOMIC_MOVE);
    sync(store.directory());
  }

  private Path unfinishedVolume() {
    return store.directory().resolve("volume.tfs.unfinished");
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void removeAfter(Exception failure, boolean directoryToo) {
    try {
      Files.deleteIfExists(unfinishedVolume());
      Files.deleteIfExists(store.volume());
      for (Path made : new Path[] {store.run(), store.objects(), store.posix(), store.image()}) {
        removeDirectory(made);
      }
      if (directoryToo) {
        Files.deleteIfExists(store.directory());
      }
    } catch (IOException stays) {
      failure.addSuppressed(stays);
    }
  }

  private static void removeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
      for (Path file : content) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
