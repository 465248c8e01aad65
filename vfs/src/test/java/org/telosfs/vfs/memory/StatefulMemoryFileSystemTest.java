package org.telosfs.vfs.memory;

import java.time.Duration;
import java.time.InstantSource;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.VirtualFileSystemContract;

/** The memory tree as a transport sees it that sends every open. */
class StatefulMemoryFileSystemTest extends VirtualFileSystemContract {
  @Override
  protected VirtualFileSystem newTree(InstantSource clock) {
    FileSystemTraits traits =
        new FileSystemTraits(
            "memory", false, false, true, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    return new MemoryFileSystem(clock, 128L << 20, traits);
  }
}
