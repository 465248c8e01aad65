package org.telosfs.vfs;

/**
 * Who asks. Permission bits are checked by the kernel (mount option {@code default_permissions}); a
 * tree uses this for ownership of new files and for what the kernel leaves to it.
 *
 * @param uid filesystem user id
 * @param gid filesystem group id
 * @param pid thread id of the caller, 0 if the kernel asks for itself
 * @param umask applied by the tree to new files; 0 if the kernel has applied it already
 */
public record Caller(int uid, int gid, int pid, int umask) {
  /** The superuser with umask 0, for tests and for what the daemon does itself. */
  public static final Caller ROOT = new Caller(0, 0, 0, 0);

  /** True for uid 0. */
  public boolean isRoot() {
    return uid == 0;
  }
}
