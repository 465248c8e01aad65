package org.telosfs.fuse.jnrfuse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;
import org.telosfs.fuse.kernel.MountPoint;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * Mounts through jnr-fuse and libfuse 2. libfuse does the mounting and the waiting for requests; a
 * tree hears of paths. What that cannot express is listed in {@code docs/protocols/fuse.md}.
 */
public final class JnrFuseTransport implements FuseTransport {
  private static final long INIT_SECONDS = 10;

  @Override
  public Path prepare(Path where) throws MountException {
    return MountPoint.prepare(where).path();
  }

  @Override
  public FuseMount mount(VirtualFileSystem tree, Path where, MountOptions options)
      throws MountException {
    MountPoint mountPoint = MountPoint.prepare(where);
    CountDownLatch initialised = new CountDownLatch(1);
    JnrFuseCallbacks callbacks = callbacks(tree, mountPoint.path(), initialised);
    JnrFuseMount mount = new JnrFuseMount(mountPoint);
    String[] arguments = arguments(tree, mountPoint, options);
    Thread loop = new Thread(() -> mount.run(callbacks, arguments), "telosfs-jnr-fuse");
    loop.setDaemon(true);
    loop.start();
    awaitMounted(mount, initialised);
    return mount;
  }

  private static JnrFuseCallbacks callbacks(
      VirtualFileSystem tree, Path where, CountDownLatch initialised) throws MountException {
    try {
      return new JnrFuseCallbacks(tree, initialised);
    } catch (UnsatisfiedLinkError noLibrary) {
      throw new MountException(
          Reason.HELPER_MISSING,
          where,
          "jnr-fuse needs libfuse 2; install the package libfuse2, or use the kernel transport");
    }
  }

  /**
   * Attributes are not cached: two names of one file are two inodes to libfuse, and what changes
   * through one would not be seen through the other.
   */
  private static String[] arguments(
      VirtualFileSystem tree, MountPoint mountPoint, MountOptions options) {
    List<String> words = new ArrayList<>();
    words.add("default_permissions");
    words.add("use_ino");
    words.add("big_writes");
    words.add("attr_timeout=0");
    words.add("subtype=telosfs");
    words.add("fsname=" + tree.traits().name().replace(",", "_"));
    words.add(options.nosuid() ? "nosuid" : "suid");
    words.add(options.nodev() ? "nodev" : "dev");
    if (options.noexec()) {
      words.add("noexec");
    }
    if (options.readOnly() || tree.traits().readOnly()) {
      words.add("ro");
    }
    Boolean allowOther = options.allowOther();
    if (allowOther == null ? mountPoint.asRoot() : allowOther) {
      words.add("allow_other");
    }
    return new String[] {
      "telosfs", "-f", "-o", String.join(",", words), mountPoint.path().toString()
    };
  }

  /** Waits until libfuse has been greeted by the kernel, or has given up. */
  private static void awaitMounted(JnrFuseMount mount, CountDownLatch initialised)
      throws MountException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(INIT_SECONDS);
    try {
      while (!initialised.await(10, TimeUnit.MILLISECONDS)) {
        if (!mount.isMounted()) {
          throw new MountException(
              Reason.FAILED,
              mount.where(),
              "libfuse ended with "
                  + mount.exitCode()
                  + "; what it said is in the error output above");
        }
        if (System.nanoTime() - end > 0) {
          throw new MountException(
              Reason.NO_ANSWER,
              mount.where(),
              "the kernel did not answer within " + INIT_SECONDS + " s");
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new MountException(Reason.NO_ANSWER, mount.where(), "interrupted");
    }
  }
}
