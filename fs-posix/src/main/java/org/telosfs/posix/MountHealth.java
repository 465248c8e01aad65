package org.telosfs.posix;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Whether the tree may still be changed. Once storage has failed to keep what it was given, nothing
 * more is accepted: retrying a flush would pretend that the lost writes had been written. Reads go
 * on.
 */
final class MountHealth {
  private static final System.Logger LOG = System.getLogger(MountHealth.class.getName());

  private final AtomicReference<@Nullable String> readOnlySince;

  MountHealth(boolean readOnly) {
    this.readOnlySince = new AtomicReference<>(readOnly ? "mounted read-only" : null);
  }

  /**
   * Passes if the tree may be changed.
   *
   * @throws FsException EROFS
   */
  void requireWritable() throws FsException {
    String reason = readOnlySince.get();
    if (reason != null) {
      throw new FsException(Errno.EROFS, reason);
    }
  }

  /** Storage has failed; the first reason stays. */
  void failed(Exception cause) {
    if (readOnlySince.compareAndSet(null, "storage failed: " + cause.getMessage())) {
      LOG.log(
          System.Logger.Level.ERROR,
          "storage failed; the tree is read-only from now on, unmount it and check the volume",
          cause);
    }
  }

  /** Why the tree is read-only; null if it is not. */
  @Nullable String readOnlyReason() {
    return readOnlySince.get();
  }
}
