package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreStats;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.Subscription;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.UndoOutcome;

/**
 * A store that another process serves. It connects when it is opened, and again when the connection
 * was lost: what only reads is then asked again, a snapshot is opened again at its transaction, a
 * transaction is lost (an {@link IpcException} of {@link IpcError#CONNECTION_LOST}), and of a
 * commit that was under way the server is asked what became of it.
 *
 * <p>Where the interface leaves no room for an {@link IOException}, an {@link UncheckedIOException}
 * wraps it.
 */
public final class RemoteObjectStore implements ObjectStore {
  private static final System.Logger LOG = System.getLogger(RemoteObjectStore.class.getName());
  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 200;

  /** No more ids are asked for in one request. */
  private static final int MAX_LISTED = 1 << 16;

  private final Path socket;
  private final byte[] token;
  private final Duration patience;
  private final @Nullable ClientCache cache;
  private final CommitNews news;
  private final AtomicLong newestSeen = new AtomicLong();

  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  @GuardedBy("this")
  private boolean subscribed;

  private RemoteObjectStore(Path socket, byte[] token, Duration patience, long cacheBytes) {
    this.socket = socket;
    this.token = token.clone();
    this.patience = patience;
    this.cache = cacheBytes == 0 ? null : new ClientCache(cacheBytes);
    this.news = new CommitNews(cache);
  }

  /**
   * Connects.
   *
   * @param token the capability, as its file holds it
   * @param patience for how long a lost connection is tried again
   * @throws IpcException if no server answers, or it refuses
   */
  public static RemoteObjectStore connect(Path socket, byte[] token, Duration patience)
      throws IOException {
    return connect(socket, token, patience, 0);
  }

  /**
   * Connects, and keeps what is read, which others' commits then wait for: the server tells of each
   * of them before it is acknowledged. With a capability that shows a part of the objects nothing
   * is kept.
   *
   * @param cacheBytes what is kept, about; 0 for nothing
   */
  public static RemoteObjectStore connect(
      Path socket, byte[] token, Duration patience, long cacheBytes) throws IOException {
    RemoteObjectStore store = new RemoteObjectStore(socket, token, patience, cacheBytes);
    try {
      Connection opened = store.open();
      store.connection = opened;
      if (cacheBytes > 0 && opened.welcome().tellsAll()) {
        store.ensureSubscribed();
      }
      return store;
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private Connection open() throws IOException {
    ConnectionNotices notices = new ConnectionNotices();
    Connection opened = Connection.open(socket, token, notices);
    notices.connection = opened;
    return opened;
  }

  /** The connection, made again if it was lost. */
  Connection connection() throws IOException {
    Connection current = connection;
    requireOpen();
    return current != null && !current.isBroken() ? current : reconnect();
  }

  private synchronized Connection reconnect() throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    try {
      for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
        requireOpen();
        Connection current = connection;
        if (current != null && !current.isBroken()) {
          return current;
        }
        try {
          Connection opened = open();
          if (subscribed) {
            subscribe(opened);
          }
          connection = opened;
          return opened;
        } catch (IpcException e) {
          boolean later = e.error() == IpcError.CONNECTION_LOST || e.error() == IpcError.ENDING;
          if (!later || System.nanoTime() > end) {
            throw e;
          }
        }
        try {
          TimeUnit.MILLISECONDS.sleep(pause);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  /** Something that may be done a second time. */
  interface Repeatable<T> {
    T on(Connection connection) throws IOException;
  }

  /** Does something, once more if the connection is lost meanwhile. */
  <T> T repeatably(Repeatable<T> work) throws IOException {
    Connection first = connection();
    try {
      return work.on(first);
    } catch (IpcException e) {
      if (!lost(e)) {
        throw e;
      }
    }
    return work.on(connection());
  }

  static boolean lost(IpcException failure) {
    return failure.error() == IpcError.CONNECTION_LOST || failure.error() == IpcError.ENDING;
  }

  private <T> T ask(MessageType type, Consumer<FrameWriter> body, Read<T> read) throws IOException {
    return repeatably(connection -> ask(connection, type, body, read));
  }

  /** Reads an answer of one frame. */
  interface Read<T> {
    T from(ByteBuffer body) throws IOException;
  }

  static <T> T ask(
      Connection connection, MessageType type, Consumer<FrameWriter> body, Read<T> read)
      throws IOException {
    List<T> answer = new ArrayList<>(1);
    connection.call(type, body, frame -> answer.add(read.from(frame)));
    return answer.get(0);
  }

  /** A list, which may come in several frames. */
  static <T> List<T> list(
      Connection connection, MessageType type, Consumer<FrameWriter> body, Read<T> entry)
      throws IOException {
    List<T> found = new ArrayList<>();
    connection.call(
        type,
        body,
        frame -> {
          int count = MessageCodec.getCount(frame, 1);
          for (int at = 0; at < count; at++) {
            found.add(entry.from(frame));
          }
        });
    return found;
  }

  @Override
  public StoreSnapshot snapshot() throws IOException {
    return repeatably(connection -> new RemoteSnapshot(this, connection, TransactionId.MAX));
  }

  @Override
  public StoreSnapshot at(TransactionId id) throws IOException {
    return repeatably(connection -> new RemoteSnapshot(this, connection, id));
  }

  /**
   * Not waited for: the transaction shows the state that is the newest when the server hears of it,
   * a moment later. What {@link ObjectStore#begin} throws comes from the transaction's first call
   * that waits for the server, at the latest from its commit.
   */
  @Override
  public StoreTransaction begin() throws IOException {
    return repeatably(connection -> new RemoteTransaction(this, connection, newestSeen()));
  }

  /** A transaction that was committed before now; the newest that this store was told of. */
  private TransactionId newestSeen() {
    return new TransactionId(newestSeen.get());
  }

  /** The server told of this transaction. */
  void saw(TransactionId id) {
    newestSeen.accumulateAndGet(id.epochNanos(), Math::max);
  }

  @Override
  public List<TransactionId> history(ObjectId id, TransactionRange range) throws IOException {
    return inRanges(
        range,
        part ->
            repeatably(
                connection ->
                    list(
                        connection,
                        MessageType.HISTORY,
                        writer -> {
                          writer.putLong(id.value());
                          MessageCodec.putRange(writer, part);
                        },
                        MessageCodec::getTransactionId)),
        last -> last);
  }

  @Override
  public Optional<Revision> revision(ObjectId id, TransactionId transaction) throws IOException {
    List<Revision> found =
        repeatably(
            connection ->
                list(
                    connection,
                    MessageType.REVISION,
                    writer -> writer.putLong(id.value()).putLong(transaction.epochNanos()),
                    body -> MessageCodec.getRevision(body, TransactionId.NONE)));
    return found.stream().findAny();
  }

  @Override
  public List<TransactionId> transactionIds(TransactionRange range) throws IOException {
    return inRanges(
        range,
        part ->
            repeatably(
                connection ->
                    list(
                        connection,
                        MessageType.TRANSACTION_IDS,
                        writer -> MessageCodec.putRange(writer, part),
                        MessageCodec::getTransactionId)),
        last -> last);
  }

  @Override
  public List<CommittedTransaction> transactions(TransactionRange range) throws IOException {
    return inRanges(
        range,
        part ->
            repeatably(
                connection ->
                    list(
                        connection,
                        MessageType.TRANSACTIONS,
                        writer -> MessageCodec.putRange(writer, part),
                        MessageCodec::getTransaction)),
        CommittedTransaction::id);
  }

  /** A part of what is listed. */
  private interface Part<T> {
    List<T> of(TransactionRange range) throws IOException;
  }

  /** Asks until the range is through: a server tells as much at once as it likes. */
  private static <T> List<T> inRanges(
      TransactionRange range, Part<T> ask, java.util.function.Function<T, TransactionId> idOf)
      throws IOException {
    List<T> found = new ArrayList<>();
    TransactionRange left = range;
    while (left.limit() > 0) {
      List<T> part = ask.of(left);
      if (part.isEmpty()) {
        return found;
      }
      found.addAll(part);
      left =
          left.beyond(idOf.apply(part.get(part.size() - 1))).withLimit(left.limit() - part.size());
    }
    return found;
  }

  @Override
  public UndoOutcome undo(Collection<TransactionId> transactions, TransactionMetadata metadata)
      throws IOException {
    return ask(
        connection(),
        MessageType.UNDO,
        writer -> {
          MessageCodec.putTransactionIds(writer, transactions);
          MessageCodec.putMetadata(writer, metadata);
        },
        MessageCodec::getUndo);
  }

  @Override
  public List<ObjectId> newIds(int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException(count + " ids");
    }
    List<ObjectId> ids = new ArrayList<>(count);
    while (ids.size() < count) {
      int wanted = Math.min(MAX_LISTED, count - ids.size());
      List<ObjectId> given =
          repeatably(
              connection -> {
                List<ObjectId> some =
                    list(
                        connection,
                        MessageType.NEW_IDS,
                        writer -> writer.putInt(wanted),
                        MessageCodec::getObjectId);
                connection.gaveOut(some.get(some.size() - 1));
                return some;
              });
      ids.addAll(given);
    }
    return ids;
  }

  @Override
  public StoreStats stats() {
    try {
      return ask(MessageType.STATS, writer -> {}, MessageCodec::getStats);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blob is lost if the connection is. */
  @Override
  public BlobWriter newBlob() throws IOException {
    return repeatably(RemoteBlobWriter::new);
  }

  @Override
  public Optional<BlobReader> openBlob(ObjectId id, TransactionId transaction) throws IOException {
    return RemoteBlobReader.open(
        () ->
            repeatably(
                connection ->
                    RemoteBlobReader.open(
                        connection,
                        MessageType.BLOB_OPEN_REVISION,
                        writer -> writer.putLong(id.value()).putLong(transaction.epochNanos()))));
  }

  /** An empty call: is the server there, and how far away? */
  public void ping() throws IOException {
    connection().call(MessageType.PING, writer -> {}, body -> {});
  }

  /**
   * The listener is told by a thread of this store's, and the committer waits for it, up to the
   * server's deadline. A lost connection is made again, and what was committed meanwhile is told;
   * where that cannot be had, {@link CommitListener#missed} is.
   */
  @Override
  public Subscription subscribe(CommitListener listener) {
    requireOpen();
    Subscription subscription = news.add(listener);
    try {
      ensureSubscribed();
    } catch (IOException e) {
      subscription.close();
      throw new UncheckedIOException(e);
    }
    return subscription;
  }

  private void ensureSubscribed() throws IOException {
    Connection now = connection();
    synchronized (this) {
      if (!subscribed) {
        subscribe(now);
        subscribed = true;
      }
    }
  }

  private void subscribe(Connection opened) throws IOException {
    news.subscribe(opened);
    Thread thread = new Thread(() -> readNotices(opened), "telosfs-notices");
    thread.setDaemon(true);
    thread.start();
  }

  /** Reads while nobody asks anything; a lost connection is made again, which reads on. */
  private void readNotices(Connection opened) {
    opened.readUntilBroken();
    while (!closed) {
      try {
        connection();
        return;
      } catch (IpcException e) {
        if (!lost(e)) {
          LOG.log(System.Logger.Level.WARNING, "no more notices: {0}", e.getMessage());
          return;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS));
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "no more notices", e);
        return;
      }
    }
  }

  private final class ConnectionNotices implements Connection.Notices {
    private volatile @Nullable Connection connection;

    @Override
    public void committed(CommittedTransaction transaction) {
      Connection from = connection;
      if (from != null) {
        news.committed(from, transaction);
      }
    }

    @Override
    public void lost() {
      LOG.log(System.Logger.Level.DEBUG, "the connection to {0} is over", socket);
    }
  }

  /** What was read before; null if nothing is kept on that connection. */
  @Nullable ClientCache cache(Connection on) {
    return on.welcome().tellsAll() ? cache : null;
  }

  /** Whether this is the thread that runs listeners, in which a commit would wait for itself. */
  boolean isListening() {
    return news.isTelling();
  }

  @Override
  public void close() {
    closed = true;
    Connection current = connection;
    if (current != null) {
      current.close(new IOException("the store was closed"));
    }
    news.close();
  }
}
