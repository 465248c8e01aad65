package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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

  private static final int EVEN_IF_SOMETHING_FAILED = 0;
  private static final int ONLY_IF_NOTHING_FAILED = 1;

  private final RemoteObjectStore store;
  private final Connection connection;
  private final int view;

  /** Committed before this transaction began. */
  private final TransactionId earlier;

  private final Connection.Call begun;
  private final AtomicReference<@Nullable TransactionId> base = new AtomicReference<>();

  /** What changes the transaction and was not waited for, in order. */
  private final List<Connection.Call> unanswered = new ArrayList<>();

  /** Perhaps not as in the base, though it may have been rolled back. */
  private final Set<ObjectId> changed = new HashSet<>();

  /** Whether the caller has met a failure and goes on. */
  private boolean failureMet;

  private boolean finished;

  RemoteTransaction(RemoteObjectStore store, Connection connection, TransactionId earlier)
      throws IOException {
    this.store = store;
    this.connection = connection;
    this.earlier = earlier;
    this.view = connection.newView();
    this.begun =
        connection.start(
            MessageType.BEGIN,
            writer -> writer.putInt(view),
            body -> {
              TransactionId shown = MessageCodec.getTransactionId(body);
              store.saw(shown);
              base.set(shown);
            },
            false);
    if (connection.hasManyViews()) {
      finish(begun);
    }
  }

  @Override
  public TransactionId base() {
    try {
      finish(begun);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(base.get());
  }

  private void finish(Connection.Call call) throws IOException {
    connection.finish(call);
  }

  /** Waits for what was sent; throws what the first that failed met. */
  private void finishSent() throws IOException {
    finish(begun);
    while (!unanswered.isEmpty()) {
      finishFirst();
    }
  }

  private void finishFirst() throws IOException {
    try {
      finish(unanswered.remove(0));
    } catch (IOException | RuntimeException e) {
      failureMet = true;
      throw e;
    }
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    requireRunning();
    finishSent();
    if (ids.isEmpty()) {
      return Map.of();
    }
    Map<ObjectId, Revision> found = new LinkedHashMap<>();
    List<ObjectId> own = new ArrayList<>();
    List<ObjectId> others = new ArrayList<>();
    for (ObjectId id : ids) {
      (changed.contains(id) ? own : others).add(id);
    }
    if (!others.isEmpty()) {
      ClientCache cache = store.cache(connection);
      found.putAll(RemoteSnapshot.get(cache, base(), connection, view, others));
    }
    if (!own.isEmpty()) {
      found.putAll(RemoteSnapshot.get(connection, view, own));
    }
    return found;
  }

  @Override
  public void put(Collection<ObjectPut> puts) {
    requireRunning();
    List<ObjectPut> batch = new ArrayList<>();
    long bytes = 0;
    for (ObjectPut put : puts) {
      requirePuttable(put);
      changed.add(put.id());
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

  /** What the server would refuse of every client, so that the caller meets it at once. */
  private static void requirePuttable(ObjectPut put) {
    if (put.id().equals(ObjectId.ROOTS)) {
      throw new IllegalArgumentException("the roots object is changed by setRoot and removeRoot");
    }
    if (put.state().size() > StateTooLargeException.MAX_STATE_BYTES) {
      throw new StateTooLargeException(put.id(), put.state().size());
    }
  }

  private void send(List<ObjectPut> batch) {
    boolean sure = true;
    ObjectId greatest = batch.get(0).id();
    for (ObjectPut put : batch) {
      sure &= put.blob().isEmpty();
      greatest = put.id().compareTo(greatest) > 0 ? put.id() : greatest;
    }
    sure &= connection.wasGivenOut(greatest);
    tell(
        MessageType.PUT,
        writer -> {
          writer.putInt(batch.size());
          batch.forEach(put -> MessageCodec.putObject(writer, put));
        });
    if (!sure) {
      finishTold();
      connection.gaveOut(greatest);
    }
  }

  /** Has the server change something of the transaction. */
  private void tell(MessageType type, Consumer<FrameWriter> body) {
    try {
      while (!unanswered.isEmpty() && unanswered.get(0).isDone()) {
        finishFirst();
      }
      unanswered.add(
          connection.start(
              type,
              writer -> {
                writer.putInt(view);
                body.accept(writer);
              },
              answer -> {},
              true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void finishTold() {
    try {
      finishSent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(Collection<ObjectId> ids) throws IOException {
    requireRunning();
    changed.addAll(ids);
    tell(MessageType.DELETE, writer -> MessageCodec.putIds(writer, ids));
    finishSent();
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    requireRunning();
    finishSent();
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
    changed.add(ObjectId.ROOTS);
    tell(MessageType.SET_ROOTS, writer -> MessageCodec.putRoots(writer, change));
    finishTold();
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
      finishSent();
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
      finishTold();
    };
  }

  @Override
  public CommitOutcome commit(TransactionMetadata metadata) throws IOException {
    requireRunning();
    if (store.isListening()) {
      throw new IllegalStateException("a commit listener must not commit");
    }
    if (failureMet) {
      finishSent();
    }
    finished = true;
    connection.viewEnded();
    int condition = failureMet ? EVEN_IF_SOMETHING_FAILED : ONLY_IF_NOTHING_FAILED;
    byte[] id = new byte[WireFormat.COMMIT_ID_BYTES];
    CommitNumbers.fill(id);
    try {
      CommitOutcome outcome =
          RemoteObjectStore.ask(
              connection,
              MessageType.COMMIT,
              writer -> {
                writer.putInt(view).putBytes(id).putByte(condition);
                MessageCodec.putMetadata(writer, metadata);
              },
              MessageCodec::getOutcome);
      if (outcome instanceof CommitOutcome.Committed committed) {
        store.saw(committed.id());
      }
      return outcome;
    } catch (IpcException e) {
      if (RemoteObjectStore.lost(e)) {
        return outcome(id, e);
      }
      finishSent(); // throws what failed before, which is why nothing was committed
      throw e;
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
                      writer -> writer.putBytes(id).putLong(earlier.epochNanos()),
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
    private static final int COUNT = 256;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ByteBuffer LEFT = ByteBuffer.allocate(COUNT * WireFormat.COMMIT_ID_BYTES);

    static {
      LEFT.limit(0);
    }

    /** Many are made at once: each by itself is a call of the system. */
    static void fill(byte[] id) {
      synchronized (LEFT) {
        if (!LEFT.hasRemaining()) {
          RANDOM.nextBytes(LEFT.clear().array());
        }
        LEFT.get(id);
      }
    }

    private CommitNumbers() {}
  }
}
