package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A short directory of mode 0700 where a user's daemons are listed, one file each, named by process
 * number. Long control paths and the logs of daemons without a store lie here too.
 */
public final class RunDirectory {
  private static final Set<PosixFilePermission> PRIVATE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path directory;

  RunDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * {@code /run/telosfs} of root; {@code $XDG_RUNTIME_DIR/telosfs} or {@code /tmp/telosfs-UID} of
   * others.
   *
   * @throws IOException if it is somebody else's
   */
  public static RunDirectory ofThisUser() throws IOException {
    int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    String session = System.getenv("XDG_RUNTIME_DIR");
    Path directory;
    if (uid == 0) {
      directory = Path.of("/run/telosfs");
    } else if (session != null && Files.isWritable(Path.of(session))) {
      directory = Path.of(session, "telosfs");
    } else {
      directory = Path.of("/tmp/telosfs-" + uid);
    }
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    } catch (FileAlreadyExistsException fine) {
      requireOwn(directory, uid);
    }
    return new RunDirectory(directory);
  }

  private static void requireOwn(Path directory, int uid) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int owner = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != uid || !attributes.isDirectory() || !attributes.permissions().equals(PRIVATE)) {
      throw new Refusal(
          ExitCode.NO_PERMISSION,
          directory + " is not a directory of yours with mode 0700; remove it and try again");
    }
  }

  public Path directory() {
    return directory;
  }

  /** Lists this process. */
  void add(RunRecord record) throws IOException {
    record.writeTo(file(record.pid()));
  }

  void remove(long pid) throws IOException {
    Files.deleteIfExists(file(pid));
  }

  /** The running daemon that serves this mount point. */
  public Optional<RunRecord> serving(Path mountPoint) throws IOException {
    return running().stream().filter(daemon -> daemon.mounts().contains(mountPoint)).findAny();
  }

  private List<RunRecord> running() throws IOException {
    List<RunRecord> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, RunRecord::isOne)) {
      for (Path file : files) {
        addIfRunning(file, found);
      }
    }
    return found;
  }

  private static void addIfRunning(Path file, List<RunRecord> found) throws IOException {
    RunRecord record;
    try {
      record = RunRecord.readFrom(file);
    } catch (NoSuchFileException justEnded) {
      return;
    }
    if (record != null && record.isAlive()) {
      found.add(record);
    } else if (record != null) {
      Files.deleteIfExists(file);
    }
  }

  private Path file(long pid) {
    return directory.resolve(Long.toString(pid));
  }
}
