package org.telosfs.fuse;

import java.nio.file.Path;
import org.telosfs.vfs.VirtualFileSystem;

/** A way to show a tree as a mounted filesystem. */
public interface FuseTransport {
  /**
   * Mounts {@code tree} on the empty directory {@code where}. When this returns the mount answers.
   * The tree stays its owner's, who closes it when the mount has ended.
   *
   * @throws MountException with a reason; nothing is mounted then
   */
  FuseMount mount(VirtualFileSystem tree, Path where, MountOptions options) throws MountException;
}
