package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseSession;
import org.telosfs.fuse.FuseStats;

/** A mount of the kernel transport. */
final class KernelMount implements FuseMount {
  private final Path where;
  private final Mounter mounter;
  private final FuseSession session;
  private final StaleMount stale;

  KernelMount(Path where, Mounter mounter, FuseSession session, StaleMount stale) {
    this.where = where;
    this.mounter = mounter;
    this.session = session;
    this.stale = stale;
  }

  @Override
  public Path where() {
    return where;
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
      Optional<MountTable.Mounted> left = MountTable.read().on(where);
      if (left.isPresent()) {
        stale.clear(where, left.get());
      }
      return;
    }
    mounter.unmount(where);
    try {
      session.awaitEnded();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + where + " was being unmounted");
    }
  }

  @Override
  public FuseStats stats() {
    return session.stats();
  }

  @Override
  public String toString() {
    return "mount on " + where;
  }
}
