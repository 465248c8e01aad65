package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;
import org.telosfs.fuse.MountBusyException;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;

/** Mounts by mount(2), as root. */
final class RootMount implements Mounter {
  private static final String DEVICE = "/dev/fuse";

  private final NativeCalls calls;

  RootMount(NativeCalls calls) {
    this.calls = calls;
  }

  @Override
  public int mount(Path where, String source, MountOptions options) throws MountException {
    int fd = calls.open(DEVICE, NativeCalls.O_RDWR | NativeCalls.O_CLOEXEC);
    if (fd < 0) {
      throw cannotOpen(where, calls.errno());
    }
    boolean mounted = false;
    try {
      if (calls.mount(source, where.toString(), StaleMount.TYPE, flags(options), data(fd, options))
          != 0) {
        throw refused(where, calls.errno());
      }
      mounted = true;
      return fd;
    } finally {
      if (!mounted) {
        calls.close(fd);
      }
    }
  }

  @Override
  public void unmount(Path where) throws IOException {
    if (calls.umount2(where.toString(), 0) != 0) {
      int errno = calls.errno();
      if (errno == NativeCalls.EBUSY) {
        throw new MountBusyException(where);
      }
      if (errno != NativeCalls.EINVAL) { // EINVAL: it is no mount point any more
        throw new IOException("cannot unmount " + where + ": " + calls.describe(errno));
      }
    }
  }

  private static long flags(MountOptions options) {
    return (options.nosuid() ? NativeCalls.MS_NOSUID : 0)
        | (options.nodev() ? NativeCalls.MS_NODEV : 0)
        | (options.noexec() ? NativeCalls.MS_NOEXEC : 0)
        | (options.readOnly() ? NativeCalls.MS_RDONLY : 0);
  }

  private String data(int fd, MountOptions options) {
    Boolean allowOther = options.allowOther();
    return "fd="
        + fd
        + ",rootmode=40000,user_id="
        + calls.geteuid()
        + ",group_id="
        + calls.getegid()
        + ",default_permissions"
        + (allowOther == null || allowOther ? ",allow_other" : "");
  }

  private MountException cannotOpen(Path where, int errno) {
    return switch (errno) {
      case NativeCalls.ENOENT, NativeCalls.ENODEV, NativeCalls.ENXIO ->
          new MountException(
              Reason.NO_FUSE_DEVICE,
              where,
              "there is no "
                  + DEVICE
                  + "; load the kernel module (modprobe fuse), or give the"
                  + " container the device");
      case NativeCalls.EPERM, NativeCalls.EACCES ->
          new MountException(
              Reason.NO_PERMISSION,
              where,
              "no permission to open " + DEVICE + "; allow it to this user or container");
      default ->
          new MountException(
              Reason.FAILED, where, "cannot open " + DEVICE + ": " + calls.describe(errno));
    };
  }

  private MountException refused(Path where, int errno) {
    return switch (errno) {
      case NativeCalls.EPERM, NativeCalls.EACCES ->
          new MountException(
              Reason.NO_PERMISSION,
              where,
              "the system does not allow mount(2); run with CAP_SYS_ADMIN, or as an ordinary user"
                  + " with fusermount3");
      case NativeCalls.ENODEV ->
          new MountException(
              Reason.NO_FUSE_DEVICE, where, "the kernel has no FUSE; try: modprobe fuse");
      default -> new MountException(Reason.FAILED, where, "mount(2): " + calls.describe(errno));
    };
  }
}
