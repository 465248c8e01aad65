package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.util.Optional;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectStore;

/** Decides what a client gets to see, by the capability that it shows. */
@FunctionalInterface
public interface Admission {
  /**
   * What a client may do.
   *
   * @throws IpcException {@link IpcError#NO_CAPABILITY} if that is nothing
   */
  Admitted admit(byte[] token, Peer peer) throws IOException;

  /** A client's own view of the store; closed when he is gone, which leaves the store open. */
  interface Admitted {
    ObjectStore store();

    /** What the client is told of a commit; empty for nothing. */
    Optional<CommittedTransaction> visible(CommittedTransaction transaction) throws IOException;

    /** Whether no change of what he may see is kept from him by {@link #visible}. */
    default boolean isToldAll() {
      return false;
    }

    /** Whether it still holds; it is asked often. */
    boolean isValid();

    /** For logs; tells nothing that is secret. */
    String name();

    /** The client has gone. */
    void close();
  }
}
