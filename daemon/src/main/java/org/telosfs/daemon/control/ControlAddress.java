package org.telosfs.daemon.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a control socket is. The kernel takes paths of 107 bytes at most; where the wanted one is
 * longer, the socket lies in a short directory and the wanted path is a symbolic link to it.
 */
public record ControlAddress(Path wanted, Path socket) {
  private static final int MAX_BYTES = 107;

  /**
   * For a server: {@code wanted} itself if it is short enough, else below {@code shortDirectory}.
   */
  public static ControlAddress choose(Path wanted, Path shortDirectory) {
    return choose(wanted, shortDirectory, "control");
  }

  /** The same, for a socket of another purpose. */
  public static ControlAddress choose(Path wanted, Path shortDirectory, String purpose) {
    if (fits(wanted)) {
      return new ControlAddress(wanted, wanted);
    }
    Path socket = shortDirectory.resolve(ProcessHandle.current().pid() + "." + purpose);
    return new ControlAddress(wanted, socket);
  }

  /** For a client. */
  public static UnixDomainSocketAddress resolve(Path wanted) throws IOException {
    Path socket = Files.isSymbolicLink(wanted) ? Files.readSymbolicLink(wanted) : wanted;
    return UnixDomainSocketAddress.of(socket);
  }

  /** Whether the kernel takes it as a socket's path. */
  public static boolean fits(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** Removes what a dead server left; the caller holds the store's lock. */
  public void clear() throws IOException {
    Files.deleteIfExists(wanted);
    Files.deleteIfExists(socket);
  }

  /** Lets the socket be found at the wanted path. */
  public void link() throws IOException {
    if (!socket.equals(wanted)) {
      Files.createSymbolicLink(wanted, socket);
    }
  }
}
