package org.telosfs.fuse.jnrfuse;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseStats;
import org.telosfs.fuse.kernel.MountPoint;

/** A mount of the jnr-fuse transport; over when libfuse's loop is. */
final class JnrFuseMount implements FuseMount {
  private final MountPoint mountPoint;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int exitCode;

  JnrFuseMount(MountPoint mountPoint) {
    this.mountPoint = mountPoint;
  }

  /** Serves until the mount ends. */
  void run(JnrFuseCallbacks callbacks, String[] arguments) {
    try {
      exitCode = callbacks.run(arguments);
    } finally {
      ended.countDown();
    }
  }

  int exitCode() {
    return exitCode;
  }

  @Override
  public Path where() {
    return mountPoint.path();
  }

  @Override
  public boolean isMounted() {
    return ended.getCount() > 0;
  }

  @Override
  public void awaitUnmounted() throws InterruptedException {
    ended.await();
  }

  @Override
  public void unmount() throws IOException {
    if (!isMounted()) {
      return;
    }
    mountPoint.unmount();
    try {
      ended.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + where() + " was being unmounted");
    }
  }

  /** libfuse keeps no counts for us. */
  @Override
  public FuseStats stats() {
    return new FuseStats(Map.of(), 0, 0, 0, 0, 0);
  }

  @Override
  public String toString() {
    return "jnr-fuse mount on " + where();
  }
}
