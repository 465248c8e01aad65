package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets the kernel read ahead as far as one request reaches. INIT can only lower the kernel's own
 * limit, 128 KiB; raising it goes through sysfs, and needs root.
 */
final class ReadAhead {
  private static final System.Logger LOG = System.getLogger(ReadAhead.class.getName());
  private static final Path DEVICES = Path.of("/sys/class/bdi");

  private ReadAhead() {}

  /** Sets it for the mount on {@code where}; a mount without it works too, only slower. */
  static void set(Path where, int kibibytes) {
    try {
      MountTable.Mounted mounted = MountTable.read().on(where).orElse(null);
      if (mounted != null) {
        Path limit = DEVICES.resolve(mounted.device()).resolve("read_ahead_kb");
        Files.writeString(limit, Integer.toString(kibibytes));
      }
    } catch (IOException notAllowed) {
      LOG.log(System.Logger.Level.DEBUG, "read-ahead stays as it is: {0}", notAllowed.toString());
    }
  }
}
