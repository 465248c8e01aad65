package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.PrivilegeLoss;

/** What statfs tells can be had, and who is refused has been told so. */
class FreeSpaceTest {
  private static final int BLOCK = 4096;

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 64})
  void whoIsRefusedWasToldSo(int blocksAtOnce) throws IOException, FsException {
    MemoryBlockDevice device = new MemoryBlockDevice(BLOCK, 16_384);
    try (PosixFileSystem tree = PosixFixture.fresh(device, new ManualClock())) {
      PathWalk walk = new PathWalk(tree);
      InodeNumber file = walk.file("a");
      long told = tree.statfs(Caller.ROOT).availableBlocks();
      byte[] data = new byte[blocksAtOnce * BLOCK];
      long[] written = {0};
      FsException full =
          assertThrows(
              FsException.class,
              () -> {
                while (true) {
                  int bytes =
                      tree.write(
                          Caller.ROOT,
                          file,
                          FileHandle.NONE,
                          written[0] * BLOCK,
                          ByteBuffer.wrap(data),
                          PrivilegeLoss.ALL);
                  written[0] += bytes / BLOCK;
                }
              });
      assertEquals(Errno.ENOSPC, full.errno());
      long left = tree.statfs(Caller.ROOT).availableBlocks();
      assertTrue(left < 64, left + " blocks are said to be left");
      assertTrue(written[0] >= told - told / 50, written[0] + " blocks were had, told " + told);
    }
  }
}
