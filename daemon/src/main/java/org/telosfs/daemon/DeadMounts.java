package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.telosfs.fuse.kernel.MountPoint;

/** What a killed daemon leaves: mount points on which every call fails. */
public final class DeadMounts {
  private static final String ENOTCONN = "Transport endpoint is not connected";

  private DeadMounts() {}

  /**
   * Takes away those that are dead; true if there was one.
   *
   * @throws org.telosfs.fuse.MountException if one is not ours to take away
   */
  public static boolean clear(List<Path> mountPoints) throws IOException {
    boolean cleared = false;
    for (Path mountPoint : mountPoints) {
      if (isDead(mountPoint)) {
        MountPoint.prepare(mountPoint);
        cleared = true;
      }
    }
    return cleared;
  }

  private static boolean isDead(Path mountPoint) {
    try {
      Files.readAttributes(mountPoint, BasicFileAttributes.class);
      return false;
    } catch (FileSystemException failed) {
      return ENOTCONN.equals(failed.getReason());
    } catch (IOException other) {
      return false;
    }
  }
}
