package org.telosfs.vfs;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file or directory.
 *
 * @param handle passed to every later call on it
 * @param keepCache the kernel's cached pages are still right
 * @param directIo bypass the page cache: for content that changes by itself
 * @param hostFile the whole content is this immutable host file, which a transport may hand to the
 *     kernel (FUSE_PASSTHROUGH)
 */
public record Opened(
    FileHandle handle, boolean keepCache, boolean directIo, @Nullable Path hostFile) {
  /** No state, and the cache stays right. */
  public static final Opened STATELESS = new Opened(FileHandle.NONE, true, false, null);

  /** A handle whose content does not change under it. */
  public static Opened cached(FileHandle handle) {
    return new Opened(handle, true, false, null);
  }

  /** A handle whose reads must all reach the tree. */
  public static Opened uncached(FileHandle handle) {
    return new Opened(handle, false, true, null);
  }
}
