package org.telosfs.daemon.cli;

import org.telosfs.daemon.StoreCreation;
import picocli.CommandLine.Option;

/** How large a new store's volume is. */
final class SizeOption {
  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = {
        "Size of a new store's volume, as 64G or 512M (64G). The file is sparse: it takes",
        "up what is written."
      })
  private ByteSize size = new ByteSize(StoreCreation.DEFAULT_VOLUME_BYTES);

  long bytes() {
    return size.bytes();
  }
}
