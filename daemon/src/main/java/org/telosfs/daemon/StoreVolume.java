package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.Path;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.DeviceInUseException;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.block.volume.VolumeFormatException;
import org.telosfs.posix.PosixConfig;
import org.telosfs.posix.PosixFileSystem;
import org.telosfs.posix.format.PosixFormatException;

/** Opens a store's volume, and says what to do where that is refused. */
public final class StoreVolume {
  private StoreVolume() {}

  /** Opens a device, of which the messages speak as {@code file}. */
  @FunctionalInterface
  public interface DeviceOpener {
    BlockDevice open(Path file) throws IOException;
  }

  /**
   * The filesystem on the volume; it owns the volume, and the volume the device.
   *
   * @throws Refusal DAMAGED or LOCKED, naming the file
   */
  public static PosixFileSystem open(Path file, DeviceOpener opener, PosixConfig config)
      throws IOException {
    Volume volume = openVolume(file, opener);
    try {
      return PosixFileSystem.open(volume, config);
    } catch (PosixFormatException refused) {
      closeAfter(volume, refused);
      throw new Refusal(ExitCode.DAMAGED, file + ": " + refused.getMessage(), refused);
    } catch (IOException | RuntimeException failed) {
      closeAfter(volume, failed);
      throw failed;
    }
  }

  /** The volume alone, with the same refusals. */
  public static Volume openVolume(Path file, DeviceOpener opener) throws IOException {
    try {
      return Volume.open(opener.open(file), VolumeConfig.defaults());
    } catch (VolumeFormatException refused) {
      throw new Refusal(
          ExitCode.DAMAGED,
          file + ": " + refused.getMessage() + "; " + advice(refused) + "; nothing was changed",
          refused);
    } catch (DeviceInUseException used) {
      throw new Refusal(ExitCode.LOCKED, String.valueOf(used.getMessage()), used);
    }
  }

  private static String advice(VolumeFormatException refused) {
    if (refused instanceof VolumeFormatException.NotOurs) {
      return "this is no TelosFS volume, so check the path";
    }
    if (refused instanceof VolumeFormatException.TooNew) {
      return "use the newer program";
    }
    if (refused instanceof VolumeFormatException.TooOld) {
      return "convert it with the program that made it";
    }
    return "restore it from a backup";
  }

  private static void closeAfter(Volume volume, Exception failure) {
    try {
      volume.close();
    } catch (IOException also) {
      failure.addSuppressed(also);
    }
  }
}
