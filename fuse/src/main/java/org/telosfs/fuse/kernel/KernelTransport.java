package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.telosfs.fuse.FuseConfig;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseSession;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.VirtualFileSystem;

/** The default transport: the kernel's own protocol over {@code /dev/fuse}. */
public final class KernelTransport implements FuseTransport {
  private static final Duration INIT_DEADLINE = Duration.ofSeconds(10);

  private final NativeCalls calls = new NativeCalls();
  private final FuseConfig config;

  /** With what measured well. */
  public KernelTransport() {
    this(FuseConfig.defaults());
  }

  public KernelTransport(FuseConfig config) {
    this.config = config;
  }

  /**
   * Loads what the first mount needs and what takes longest of it. Whoever will mount soon calls
   * this early, in a thread that has time.
   */
  public static void preload() {
    new NativeCalls();
  }

  @Override
  public Path prepare(Path where) throws MountException {
    return MountPoint.prepare(calls, where).path();
  }

  @Override
  public FuseMount mount(VirtualFileSystem tree, Path where, MountOptions options)
      throws MountException {
    MountPoint mountPoint = MountPoint.prepare(calls, where);
    boolean readOnly = options.readOnly() || tree.traits().readOnly();
    int fd =
        mountPoint
            .mounter()
            .mount(mountPoint.path(), tree.traits().name(), options.withReadOnly(readOnly));
    FuseSession session =
        new FuseSession(
            channel(mountPoint, fd), tree, config.withWritebackCache(options.writebackCache()));
    session.start();
    KernelMount mount = new KernelMount(mountPoint, session);
    awaitAnswer(mountPoint.path(), session, mount);
    if (mountPoint.asRoot()) {
      ReadAhead.set(mountPoint.path(), config.maxRequestBytes() >> 10);
    }
    return mount;
  }

  private DevFuseChannel channel(MountPoint mountPoint, int fd) throws MountException {
    try {
      return new DevFuseChannel(calls, fd);
    } catch (IOException unusable) {
      calls.close(fd); // which unmounts
      throw new MountException(
          Reason.FAILED, mountPoint.path(), String.valueOf(unusable.getMessage()));
    }
  }

  private static void awaitAnswer(Path where, FuseSession session, KernelMount mount)
      throws MountException {
    String why;
    try {
      session.awaitInitialised(INIT_DEADLINE);
      return;
    } catch (FsException tooOld) {
      why = tooOld.getMessage();
    } catch (TimeoutException silent) {
      why = "the kernel did not answer within " + INIT_DEADLINE.toSeconds() + " s";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      why = "interrupted";
    }
    MountException failure = new MountException(Reason.NO_ANSWER, where, String.valueOf(why));
    try {
      mount.unmount();
    } catch (IOException stillThere) {
      failure.addSuppressed(stillThere);
    }
    throw failure;
  }
}
