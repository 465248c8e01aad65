package org.telosfs.daemon.ipc;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.telosfs.fuse.kernel.PeerIdentity;
import org.telosfs.persistence.ipc.Peer;

/**
 * Who is at the other end: by number where that can be had, else by the user's name, from which the
 * number follows.
 */
final class PeerLookup implements Peer.Lookup {
  private static final Path USERS = Path.of("/etc/passwd");
  private static final int NAME_FIELD = 0;
  private static final int UID_FIELD = 2;
  private static final int GID_FIELD = 3;

  private final PeerIdentity.Source source = new PeerIdentity.Source();

  @Override
  public Peer of(SocketChannel connected) throws IOException {
    Optional<PeerIdentity> known = source.of(connected);
    if (known.isPresent()) {
      PeerIdentity peer = known.get();
      return new Peer(peer.uid(), peer.gid(), peer.pid());
    }
    String name = connected.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    for (String line : Files.readAllLines(USERS)) {
      String[] fields = line.split(":", -1);
      if (fields.length > GID_FIELD && fields[NAME_FIELD].equals(name)) {
        return new Peer(
            Integer.parseUnsignedInt(fields[UID_FIELD]),
            Integer.parseUnsignedInt(fields[GID_FIELD]),
            0);
      }
    }
    try {
      return new Peer(Integer.parseUnsignedInt(name), -1, 0);
    } catch (NumberFormatException unknown) {
      throw new IOException("nobody knows which user '" + name + "' is", unknown);
    }
  }
}
