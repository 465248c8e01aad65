package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountOptions;

/** A way to attach an opened {@code /dev/fuse} to a directory. */
interface Mounter {
  /**
   * Mounts.
   *
   * @param where checked by {@link MountPoint}
   * @param source the name that the mount table shows
   * @return the descriptor of the device
   */
  int mount(Path where, String source, MountOptions options) throws MountException;

  /**
   * Unmounts what is not in use; does nothing if it is no mount point any more.
   *
   * @throws org.telosfs.fuse.MountBusyException if it is in use
   */
  void unmount(Path where) throws IOException;
}
