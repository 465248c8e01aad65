package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;
import org.telosfs.fuse.kernel.MountTable.Mounted;

/**
 * A mount whose daemon has died: the directory is there, and every use of it fails with ENOTCONN.
 * Ours are detached; live ones and other people's are left alone.
 */
final class StaleMount {
  private static final System.Logger LOG = System.getLogger(StaleMount.class.getName());

  /** The type of all our mounts. */
  static final String TYPE = "fuse.telosfs";

  private final NativeCalls calls;

  StaleMount(NativeCalls calls) {
    this.calls = calls;
  }

  /** Detaches what is mounted there if it is ours and dead; true if it did. */
  boolean clear(Path where, Mounted mounted) throws IOException {
    if (!isOurs(mounted) || !isDead(where)) {
      return false;
    }
    LOG.log(System.Logger.Level.INFO, "{0} is a mount whose daemon is gone; detaching it", where);
    if (calls.geteuid() == 0) {
      if (calls.umount2(where.toString(), NativeCalls.MNT_DETACH) != 0) {
        throw new IOException(
            "the dead mount there cannot be detached: " + calls.describe(calls.errno()));
      }
    } else {
      new FusermountHelper(calls).detach(where);
    }
    return true;
  }

  private boolean isOurs(Mounted mounted) {
    int uid = calls.geteuid();
    return mounted.type().equals(TYPE)
        && (uid == 0 || mounted.option("user_id").map(Integer.toString(uid)::equals).orElse(false));
  }

  /** Asks for the free space, which the kernel never answers from what it remembers. */
  private boolean isDead(Path where) {
    NativeMemory answer = new NativeMemory(calls, NativeCalls.STATFS_BYTES);
    return calls.statfs(where.toString(), answer.address(0)) != 0
        && calls.errno() == NativeCalls.ENOTCONN;
  }
}
