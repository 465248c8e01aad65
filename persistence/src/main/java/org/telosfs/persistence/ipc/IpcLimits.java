package org.telosfs.persistence.ipc;

import java.time.Duration;
import org.telosfs.persistence.StateTooLargeException;

/**
 * What a server grants one client, and all of them.
 *
 * @param maxFrameBytes no frame of a client is longer
 * @param maxViews open snapshots and transactions of one connection
 * @param maxTransactionBytes states that one open transaction holds
 * @param maxConnections of all users
 * @param maxConnectionsPerUser of one user
 * @param handshake a connection shows a capability within this time
 * @param frame a frame arrives wholly within this time after its first byte, and an answer is taken
 *     within this time
 * @param transactionIdle a transaction of which nothing is heard for so long is aborted
 * @param notice a client that was told of a commit says that it saw it within this time
 */
public record IpcLimits(
    int maxFrameBytes,
    int maxViews,
    long maxTransactionBytes,
    int maxConnections,
    int maxConnectionsPerUser,
    Duration handshake,
    Duration frame,
    Duration transactionIdle,
    Duration notice) {
  public static final IpcLimits DEFAULT =
      new IpcLimits(
          StateTooLargeException.MAX_STATE_BYTES + (1 << 20),
          256,
          256L << 20,
          512,
          128,
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(2));

  public IpcLimits {
    if (maxFrameBytes < WireFormat.MAX_HELLO_BYTES
        || maxViews < 1
        || maxTransactionBytes < 1
        || maxConnections < 1
        || maxConnectionsPerUser < 1) {
      throw new IllegalArgumentException("a limit that lets nothing through");
    }
  }

  public IpcLimits withMaxFrameBytes(int bytes) {
    return new IpcLimits(
        bytes,
        maxViews,
        maxTransactionBytes,
        maxConnections,
        maxConnectionsPerUser,
        handshake,
        frame,
        transactionIdle,
        notice);
  }

  public IpcLimits withConnections(int all, int perUser) {
    return new IpcLimits(
        maxFrameBytes,
        maxViews,
        maxTransactionBytes,
        all,
        perUser,
        handshake,
        frame,
        transactionIdle,
        notice);
  }

  public IpcLimits withViews(int views, long transactionBytes) {
    return new IpcLimits(
        maxFrameBytes,
        views,
        transactionBytes,
        maxConnections,
        maxConnectionsPerUser,
        handshake,
        frame,
        transactionIdle,
        notice);
  }

  public IpcLimits withDeadlines(
      Duration forHandshake, Duration forFrame, Duration forTransaction, Duration forNotice) {
    return new IpcLimits(
        maxFrameBytes,
        maxViews,
        maxTransactionBytes,
        maxConnections,
        maxConnectionsPerUser,
        forHandshake,
        forFrame,
        forTransaction,
        forNotice);
  }
}
