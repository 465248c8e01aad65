package org.telosfs.fuse;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A tree that is mounted. The mount ends by {@link #unmount} or by umount(8); either way the tree
 * has then been told to forget all that was looked up, and no operation on it runs any more.
 */
public interface FuseMount {
  /** The mount point, absolute. */
  Path where();

  /** True until it is over. */
  boolean isMounted();

  /** Waits until it is over, whoever ends it. */
  void awaitUnmounted() throws InterruptedException;

  /**
   * Unmounts, and returns when it is over. Never lazy: what is in use stays mounted. Does nothing
   * if it is over already.
   *
   * @throws MountBusyException if files are open, or someone's working directory is inside
   * @throws IOException if the system refuses for another reason
   */
  void unmount() throws IOException;

  /** What has been served so far. */
  FuseStats stats();
}
