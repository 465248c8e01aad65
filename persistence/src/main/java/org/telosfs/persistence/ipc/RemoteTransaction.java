package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StateTooLargeException;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/** A transaction that the server holds, and that ends with the connection. */
final class RemoteTransaction implements StoreTransaction {
  /** States go to the server in frames of about this size. */
  private static final int PUT_BYTES = 1 << 20;

  /** Each request is waited for here, so whoever commits knows what failed before. */
  private static final int GO_ON_AFTER_FAILURES = 0;

  private final RemoteObjectStore store;
  private final Connection connection;
  private final int view;
  private final TransactionId base;
  private boolean finished;

  RemoteTransaction(RemoteObjectStore store, Connection connection) throws IOException {
    this.store = store;
    this.connection = connection;
    this.view = connection.newView();
    this.base =
        RemoteObjectStore.ask(
            connection,
            MessageType.BEGIN,
            writer -> writer.putInt(view),
            MessageCodec::getTransactionId);
  }

  @Override
  public TransactionId base() {
    return base;
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    requireRunning();
    return ids.isEmpty() ? Map.of() : RemoteSnapshot.get(connection, view, ids);
  }

  @Override
  public void put(Collection<ObjectPut> puts) {
    requireRunning();
    List<ObjectPut> batch = new ArrayList<>();
    long bytes = 0;
    for (ObjectPut put : puts) {
      if (put.state().size() > StateTooLargeException.MAX_STATE_BYTES) {
        throw new StateTooLargeException(put.id(), put.state().size());
      }
      long size = put.state().size() + (long) Long.BYTES * put.references().size();
      if (!batch.isEmpty() && bytes + size > PUT_BYTES) {
        send(batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(put);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      send(batch);
    }
  }

  private void send(List<ObjectPut> batch) {
    tell(
        MessageType.PUT,
        writer -> {
          writer.putInt(batch.size());
          batch.forEach(put -> MessageCodec.putObject(writer, put));
        });
  }

  /** Has the server change something of the transaction. */
  private void tell(MessageType type, Consumer<FrameWriter> body) {
    try {
      connection.call(
          type,
          writer -> {
            writer.putInt(view);
            body.accept(writer);
          },
          answer -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(Collection<ObjectId> ids) throws IOException {
    requireRunning();
    tell(MessageType.DELETE, writer -> MessageCodec.putIds(writer, ids));
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    requireRunning();
    return RemoteSnapshot.roots(connection, view);
  }

  @Override
  public void setRoot(String name, ObjectId id) {
    changeRoot(name, Optional.of(id));
  }

  @Override
  public void removeRoot(String name) {
    changeRoot(name, Optional.empty());
  }

  private void changeRoot(String name, Optional<ObjectId> target) {
    requireRunning();
    SortedMap<String, Optional<ObjectId>> change = new TreeMap<>();
    change.put(name, target);
    tell(MessageType.SET_ROOTS, writer -> MessageCodec.putRoots(writer, change));
  }

  @Override
  public void readCurrent(Collection<ObjectId> ids) {
    requireRunning();
    tell(MessageType.READ_CURRENT, writer -> MessageCodec.putIds(writer, ids));
  }

  @Override
  public Savepoint savepoint() {
    requireRunning();
    int number;
    try {
      number =
          RemoteObjectStore.ask(
              connection,
              MessageType.SAVEPOINT,
              writer -> writer.putInt(view),
              MessageCodec::getInt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return () -> {
      requireRunning();
      tell(MessageType.ROLLBACK, writer -> writer.putInt(number));
    };
  }

  @Override
  public CommitOutcome commit(TransactionMetadata metadata) throws IOException {
    requireRunning();
    if (store.isListening()) {
      throw new IllegalStateException("a commit listener must not commit");
    }
    finished = true;
    byte[] id = new byte[WireFormat.COMMIT_ID_BYTES];
    CommitNumbers.fill(id);
    try {
      return RemoteObjectStore.ask(
          connection,
          MessageType.COMMIT,
          writer -> {
            writer.putInt(view).putBytes(id).putByte(GO_ON_AFTER_FAILURES);
            MessageCodec.putMetadata(writer, metadata);
          },
          MessageCodec::getOutcome);
    } catch (IpcException e) {
      if (!RemoteObjectStore.lost(e)) {
        throw e;
      }
      return outcome(id, e);
    }
  }

  /** The connection was lost while the commit was under way: what became of it? */
  private CommitOutcome outcome(byte[] id, IpcException lost) throws IOException {
    TransactionId committed;
    try {
      committed =
          store.repeatably(
              again ->
                  RemoteObjectStore.ask(
                      again,
                      MessageType.OUTCOME,
                      writer -> writer.putBytes(id).putLong(base.epochNanos()),
                      MessageCodec::getTransactionId));
    } catch (IOException e) {
      e.addSuppressed(lost);
      throw new IpcException(
          IpcError.OUTCOME_UNKNOWN,
          "the connection was lost while a commit was under way, and the server could not be asked"
              + " what became of it",
          e);
    }
    if (committed.equals(TransactionId.NONE)) {
      throw new StoreException.NotCommitted(
          "the connection was lost before the transaction was committed", lost);
    }
    return new CommitOutcome.Committed(committed);
  }

  @Override
  public void abort() {
    requireRunning();
    close();
  }

  @Override
  public void close() {
    if (!finished) {
      finished = true;
      RemoteSnapshot.close(connection, view);
    }
  }

  private void requireRunning() {
    if (finished) {
      throw new IllegalStateException("the transaction has ended");
    }
  }

  /** Numbers that no other commit has. */
  private static final class CommitNumbers {
    private static final SecureRandom RANDOM = new SecureRandom();

    static void fill(byte[] id) {
      RANDOM.nextBytes(id);
    }

    private CommitNumbers() {}
  }
}
