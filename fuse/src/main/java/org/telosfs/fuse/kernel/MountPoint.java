package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;

/** A directory that is fit to be mounted on, whichever transport then does it. */
public final class MountPoint {
  private final NativeCalls calls;
  private final Path where;

  private MountPoint(NativeCalls calls, Path where) {
    this.calls = calls;
    this.where = where;
  }

  /**
   * Checks {@code given}, and detaches a dead mount of ours that is still on it.
   *
   * @throws MountException MISSING, NOT_A_DIRECTORY, NOT_EMPTY, ALREADY_MOUNTED, NO_PERMISSION
   */
  public static MountPoint prepare(Path given) throws MountException {
    return prepare(new NativeCalls(), given);
  }

  static MountPoint prepare(NativeCalls calls, Path given) throws MountException {
    Path where = resolve(given);
    try {
      Optional<MountTable.Mounted> mounted = MountTable.read().on(where);
      if (mounted.isPresent() && !new StaleMount(calls).clear(where, mounted.get())) {
        throw new MountException(
            Reason.ALREADY_MOUNTED,
            where,
            "a filesystem of type "
                + mounted.get().type()
                + " is mounted there; unmount it first or choose another directory");
      }
      check(where);
    } catch (MountException refusal) {
      throw refusal;
    } catch (IOException failed) {
      throw new MountException(
          Reason.FAILED, "cannot mount on " + where + ": " + failed.getMessage(), failed);
    }
    return new MountPoint(calls, where);
  }

  /** Absolute and without symbolic links, as the mount table has it. */
  public Path path() {
    return where;
  }

  /** True if we are the superuser, who mounts by himself. */
  public boolean asRoot() {
    return calls.geteuid() == 0;
  }

  /**
   * Ends the mount on it if nobody uses it.
   *
   * @throws org.telosfs.fuse.MountBusyException if somebody does
   */
  public void unmount() throws IOException {
    mounter().unmount(where);
  }

  /** Takes a mount away whose session is over already. */
  void removeDead() throws IOException {
    Optional<MountTable.Mounted> left = MountTable.read().on(where);
    if (left.isPresent()) {
      new StaleMount(calls).clear(where, left.get());
    }
  }

  Mounter mounter() {
    return asRoot() ? new RootMount(calls) : new FusermountHelper(calls);
  }

  /** Resolves all but the last name, since what is mounted there may be dead. */
  private static Path resolve(Path given) throws MountException {
    Path absolute = given.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new MountException(Reason.ALREADY_MOUNTED, absolute, "it is the root directory");
    }
    try {
      return Files.isSymbolicLink(absolute)
          ? absolute.toRealPath()
          : parent.toRealPath().resolve(name);
    } catch (IOException unreachable) {
      throw new MountException(
          Reason.MISSING, absolute, "there is no such directory; make it first");
    }
  }

  private static void check(Path where) throws IOException {
    if (!Files.exists(where)) {
      throw new MountException(Reason.MISSING, where, "there is no such directory; make it first");
    }
    if (!Files.isDirectory(where)) {
      throw new MountException(
          Reason.NOT_A_DIRECTORY, where, "it is no directory; choose an empty directory");
    }
    if (!Files.isReadable(where)) {
      throw new MountException(
          Reason.NO_PERMISSION, where, "you may not read it; choose a directory of your own");
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(where)) {
      if (content.iterator().hasNext()) {
        throw new MountException(
            Reason.NOT_EMPTY, where, "it is not empty; choose an empty directory");
      }
    }
  }
}
