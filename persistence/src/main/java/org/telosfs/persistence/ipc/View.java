package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;

/** A snapshot or a transaction that a client has open. Whoever uses it holds its monitor. */
final class View {
  private final @Nullable StoreSnapshot snapshot;
  private final @Nullable StoreTransaction transaction;

  @GuardedBy("this")
  private final List<Savepoint> savepoints = new ArrayList<>();

  @GuardedBy("this")
  private long putBytes;

  @GuardedBy("this")
  private boolean failed;

  @GuardedBy("this")
  private boolean ended;

  private volatile long usedNanos = System.nanoTime();

  View(StoreSnapshot snapshot) {
    this.snapshot = snapshot;
    this.transaction = null;
  }

  View(StoreTransaction transaction) {
    this.snapshot = null;
    this.transaction = transaction;
  }

  @Nullable StoreSnapshot snapshot() {
    return snapshot;
  }

  boolean isTransaction() {
    return transaction != null;
  }

  StoreTransaction transaction() throws IpcException {
    if (transaction == null) {
      throw new IpcException(IpcError.INVALID, "a snapshot cannot be written");
    }
    return transaction;
  }

  void used() {
    usedNanos = System.nanoTime();
  }

  long idleNanos() {
    return System.nanoTime() - usedNanos;
  }

  /** Counts what the transaction holds. */
  synchronized void hold(long bytes, long most) throws IpcException {
    if (putBytes + bytes > most) {
      failed = true;
      throw new IpcException(
          IpcError.TRANSACTION_TOO_LARGE,
          "a transaction of more than " + most + " bytes is not kept");
    }
    putBytes += bytes;
  }

  synchronized void fail() {
    failed = true;
  }

  synchronized boolean hasFailed() {
    return failed;
  }

  /** Returns the savepoint's number. */
  synchronized int add(Savepoint savepoint) {
    savepoints.add(savepoint);
    return savepoints.size() - 1;
  }

  synchronized @Nullable Savepoint savepoint(int number) {
    return number < 0 || number >= savepoints.size() ? null : savepoints.get(number);
  }

  /** Ends it; a second time has no effect. */
  synchronized void close() {
    if (!ended) {
      ended = true;
      if (snapshot != null) {
        snapshot.close();
      }
      if (transaction != null) {
        transaction.close();
      }
    }
  }
}
