package org.telosfs.fuse;

import java.nio.file.Path;
import org.telosfs.vfs.VirtualFileSystem;

/** A way to show a tree as a mounted filesystem. */
public interface FuseTransport {
  /**
   * Checks that {@link #mount} can use {@code where}, and clears a dead mount of ours from it; so
   * that a caller learns of a bad mount point before he opens what is to be mounted.
   *
   * @return its absolute path without symbolic links
   * @throws MountException MISSING, NOT_A_DIRECTORY, NOT_EMPTY, ALREADY_MOUNTED, NO_PERMISSION
   */
  Path prepare(Path where) throws MountException;

  /**
   * Mounts {@code tree} on the empty directory {@code where}. When this returns the mount answers.
   * The tree stays its owner's, who closes it when the mount has ended.
   *
   * @throws MountException with a reason; nothing is mounted then
   */
  FuseMount mount(VirtualFileSystem tree, Path where, MountOptions options) throws MountException;
}
