package org.telosfs.posix;

import java.io.IOException;
import java.time.InstantSource;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.VirtualFileSystemContract;

class PosixFileSystemContractTest extends VirtualFileSystemContract {
  @Override
  protected VirtualFileSystem newTree(InstantSource clock) throws IOException {
    return PosixFixture.fresh(new MemoryBlockDevice(4096, (128L << 20) / 4096), clock);
  }
}
