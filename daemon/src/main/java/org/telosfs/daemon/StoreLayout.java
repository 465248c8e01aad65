package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What lies where in a store.
 *
 * <pre>
 * STORE/volume.tfs    the POSIX tree's volume, a sparse block file
 *       objects/      the object log
 *       posix/ image/ mount points, unless others are named
 *       ipc/          the objects' socket; mode 0700
 *       capabilities/ who may use it for what; mode 0700
 *       run/          lock, pid and control socket; mode 0700
 *       telosfs.log   and the one before, telosfs.log.1
 * </pre>
 *
 * @param directory absolute
 */
public record StoreLayout(Path directory) {

  public StoreLayout {
    directory = directory.toAbsolutePath().normalize();
  }

  public Path volume() {
    return directory.resolve("volume.tfs");
  }

  public Path objects() {
    return directory.resolve("objects");
  }

  public Path posix() {
    return directory.resolve("posix");
  }

  public Path image() {
    return directory.resolve("image");
  }

  /** Whether it is one of the store's own mount points, which are made when missing. */
  boolean ownsMountPoint(Path path) {
    return path.equals(posix()) || path.equals(image());
  }

  public Path run() {
    return directory.resolve("run");
  }

  public Path lock() {
    return run().resolve("lock");
  }

  public Path pid() {
    return run().resolve("pid");
  }

  /** The control socket, or a symbolic link to it where this path is too long for one. */
  public Path control() {
    return run().resolve("control");
  }

  /** Where the objects' socket is; mode 0700. */
  public Path ipc() {
    return directory.resolve("ipc");
  }

  /** The socket, or a symbolic link to it where this path is too long for one. */
  public Path ipcSocket() {
    return ipc().resolve("socket");
  }

  /** Who may do what with the objects; mode 0700. */
  public Path capabilities() {
    return directory.resolve("capabilities");
  }

  public Path log() {
    return directory.resolve("telosfs.log");
  }

  /** Whether a store is here; the volume is what {@code init} makes last. */
  public boolean exists() {
    return Files.exists(volume());
  }

  /** Whether nothing is here that a new store could harm. */
  public boolean isFree() throws IOException {
    if (!Files.exists(directory)) {
      return true;
    }
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
      return !content.iterator().hasNext();
    }
  }

  /**
   * Does nothing if a store is here.
   *
   * @throws Refusal NOT_FOUND if there is none
   */
  public void requireStore() throws Refusal {
    if (!exists()) {
      String what = Files.isDirectory(directory) ? " holds no store" : " does not exist";
      throw new Refusal(
          ExitCode.NOT_FOUND, directory + what + "; make one with: telosfs init " + directory);
    }
  }
}
