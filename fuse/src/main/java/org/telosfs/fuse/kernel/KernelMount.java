package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseSession;
import org.telosfs.fuse.FuseStats;

/** A mount of the kernel transport. */
final class KernelMount implements FuseMount {
  private final MountPoint mountPoint;
  private final FuseSession session;

  KernelMount(MountPoint mountPoint, FuseSession session) {
    this.mountPoint = mountPoint;
    this.session = session;
  }

  @Override
  public Path where() {
    return mountPoint.path();
  }

  @Override
  public boolean isMounted() {
    return !session.hasEnded();
  }

  @Override
  public void awaitUnmounted() throws InterruptedException {
    session.awaitEnded();
  }

  /**
   * As the contract has it. If the connection was aborted from outside (fusectl) the dead mount is
   * still in the table, where nobody but us will take it away.
   */
  @Override
  public void unmount() throws IOException {
    if (session.hasEnded()) {
      mountPoint.removeDead();
      return;
    }
    mountPoint.unmount();
    try {
      session.awaitEnded();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + where() + " was being unmounted");
    }
  }

  @Override
  public FuseStats stats() {
    return session.stats();
  }

  @Override
  public String toString() {
    return "mount on " + where();
  }
}
