package org.telosfs.vfs.memory;

import java.time.InstantSource;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.VirtualFileSystemContract;

class MemoryFileSystemTest extends VirtualFileSystemContract {
  @Override
  protected VirtualFileSystem newTree(InstantSource clock) {
    return new MemoryFileSystem(clock, 128L << 20, FileSystemTraits.soleWriter("memory"));
  }
}
