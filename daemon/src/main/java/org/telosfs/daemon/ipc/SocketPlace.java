package org.telosfs.daemon.ipc;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;

/**
 * Where the objects' socket lies and who may connect to it. Connecting alone gives nobody anything:
 * without a capability the connection ends.
 *
 * @param path absolute; null for the store's own, in a directory that only its owner enters
 * @param group its number, or null for the process's own
 */
public record SocketPlace(
    @Nullable Path path, Set<PosixFilePermission> permissions, @Nullable Integer group) {

  /** In the store, for its owner alone. */
  public static final SocketPlace PRIVATE =
      new SocketPlace(null, PosixFilePermissions.fromString("rw-------"), null);

  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  public SocketPlace {
    permissions = Set.copyOf(permissions);
    path = path == null ? null : path.toAbsolutePath().normalize();
  }

  /**
   * Permissions from a mode in octal.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Set<PosixFilePermission> permissions(String mode) {
    if (!MODE.matcher(mode).matches()) {
      throw new IllegalArgumentException(mode + " is no mode; give three octal digits, as 0666");
    }
    int bits = Integer.parseInt(mode, 8);
    StringBuilder letters = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      letters.append((bits >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return PosixFilePermissions.fromString(letters.toString());
  }

  /**
   * Before the socket is made: nothing but what a dead server left is in its way.
   *
   * @throws Refusal if there is
   */
  void requireFree() throws IOException {
    if (path == null || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new Refusal(ExitCode.USAGE, path + " is no socket and stays; choose another --socket");
    }
    if (isServed(path)) {
      throw new Refusal(
          ExitCode.LOCKED, path + ": another server listens there; choose another --socket");
    }
  }

  private static boolean isServed(Path path) {
    try (SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return connected.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** Lets those connect to the socket who may. */
  void open(Path socket) throws IOException {
    try {
      if (group != null) {
        Files.setAttribute(socket, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (FileSystemException e) {
      throw new Refusal(
          ExitCode.NO_PERMISSION, socket + ": you may not give it to group " + group, e);
    }
    Files.setPosixFilePermissions(socket, permissions);
  }
}
