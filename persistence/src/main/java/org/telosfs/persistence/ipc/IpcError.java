package org.telosfs.persistence.ipc;

/**
 * Why a request, or a whole connection, was refused. Numbers are on the wire: never renumber.
 *
 * <p>An error of a connection is the last that is sent on it.
 */
public enum IpcError {
  /** The frame, or what is in it, is not of this protocol. Ends the connection. */
  MALFORMED(1, true),
  /** There is no version that both sides speak. Ends the connection. */
  VERSION(2, true),
  /** No such capability, or a revoked or expired one; which of these is not told. Ends it. */
  NO_CAPABILITY(3, true),
  /** A frame is longer than the server takes. Ends the connection. */
  FRAME_TOO_LARGE(4, true),
  /** This user, or all together, have too many connections. Ends the connection. */
  TOO_MANY_CONNECTIONS(5, true),
  /** A handshake, a frame, or the taking of an answer took too long. Ends the connection. */
  TOO_SLOW(6, true),
  /** The server ends. */
  ENDING(7, true),
  /** No connection could be made, or it broke before the answer came. Never sent. */
  CONNECTION_LOST(8, true),
  /** Whether a commit happened cannot be told any more. */
  OUTCOME_UNKNOWN(9, false),
  /** The capability does not allow it. */
  FORBIDDEN(16, false),
  /** The capability's quota is used up. */
  QUOTA(17, false),
  /** Too many snapshots and transactions are open on the connection. */
  TOO_MANY_VIEWS(18, false),
  /** There is no such snapshot or transaction; it may have been closed since it was idle. */
  NO_SUCH_VIEW(19, false),
  /** An earlier request of the transaction failed, and it was to be committed only if none did. */
  TRANSACTION_FAILED(20, false),
  /** The transaction holds more than the server keeps for one. */
  TRANSACTION_TOO_LARGE(21, false),
  /** An argument is not one. */
  INVALID(32, false),
  /** The store is closed, or the transaction has ended. */
  ENDED(33, false),
  /** The server knows no request of that type. */
  UNKNOWN_REQUEST(34, false),
  /** Committed bytes are not what was written. */
  DAMAGED(48, false),
  /** The store is open for reading alone. */
  READ_ONLY(49, false),
  /** The medium refused the transaction; nothing was changed. */
  NOT_COMMITTED(50, false),
  /** A sync failed; nothing is written until the store is opened again. */
  WRITING_ENDED(51, false),
  /** The medium failed otherwise. */
  MEDIUM(52, false),
  /** A fault of the server's. */
  INTERNAL(63, false);

  private final int number;
  private final boolean endsConnection;

  IpcError(int number, boolean endsConnection) {
    this.number = number;
    this.endsConnection = endsConnection;
  }

  public int number() {
    return number;
  }

  public boolean endsConnection() {
    return endsConnection;
  }

  /** A number of a newer server is {@link #INTERNAL}. */
  static IpcError ofNumber(int number) {
    for (IpcError error : values()) {
      if (error.number == number) {
        return error;
      }
    }
    return INTERNAL;
  }
}
