package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Who is at the other end of a connection, as the kernel knows it.
 *
 * @param uid the user's number
 * @param gid the group's number
 * @param pid the process's number; 0 if it is not known
 */
public record Peer(int uid, int gid, int pid) {
  /** Asks the kernel. The JDK alone tells names and no process, so who has more hands it in. */
  @FunctionalInterface
  public interface Lookup {
    Peer of(SocketChannel connected) throws IOException;
  }

  @Override
  public String toString() {
    return "user "
        + Integer.toUnsignedString(uid)
        + ", process "
        + (pid == 0 ? "unknown" : Integer.toString(pid));
  }
}
