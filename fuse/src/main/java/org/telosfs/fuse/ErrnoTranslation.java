package org.telosfs.fuse;

import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.RequestView;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/** The one place where what a handler threw becomes an errno. */
final class ErrnoTranslation {
  private static final System.Logger LOG = System.getLogger(ErrnoTranslation.class.getName());

  private final AtomicLong failures = new AtomicLong();

  /**
   * The errno for {@code thrown}: a refusal has its own and is not logged; a request we cannot read
   * is EPROTO; anything else is a bug, EIO. The last two are logged, here only.
   */
  int errno(Throwable thrown, RequestView request) {
    if (thrown instanceof FsException refusal) {
      return refusal.errno().number();
    }
    if (thrown instanceof BadRequestException unreadable) {
      LOG.log(System.Logger.Level.ERROR, "unreadable request: {0}", unreadable.getMessage());
      return Errno.EPROTO.number();
    }
    failures.incrementAndGet();
    LOG.log(System.Logger.Level.ERROR, () -> request + " failed and is answered EIO", thrown);
    return Errno.EIO.number();
  }

  /** How many were bugs. */
  long failures() {
    return failures.get();
  }
}
