package org.telosfs.daemon.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a store's trees go. */
final class MountPointOptions {
  @Option(
      names = "--posix",
      paramLabel = "DIR",
      description = "Mount point of the POSIX tree (STORE/posix).")
  private @Nullable Path posix;

  @Option(
      names = "--image",
      paramLabel = "DIR",
      description = "Mount point of the image (STORE/image).")
  private @Nullable Path image;

  @Nullable Path posix() {
    return posix;
  }

  @Nullable Path image() {
    return image;
  }

  boolean areDefault() {
    return posix == null && image == null;
  }
}
