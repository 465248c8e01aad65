package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;

/** A snapshot that the server holds; opened again at its transaction if the connection was lost. */
final class RemoteSnapshot implements StoreSnapshot {
  private static final System.Logger LOG = System.getLogger(RemoteSnapshot.class.getName());

  /** So many ids are asked for at once where only some of them are wanted. */
  private static final int IDS_AT_ONCE = 8192;

  private final RemoteObjectStore store;
  private final TransactionId transaction;

  @GuardedBy("this")
  private Connection connection;

  @GuardedBy("this")
  private int view;

  private volatile boolean closed;

  RemoteSnapshot(RemoteObjectStore store, Connection connection, TransactionId id)
      throws IOException {
    this.store = store;
    this.connection = connection;
    this.view = connection.newView();
    this.transaction = open(connection, view, id);
    store.saw(transaction);
  }

  private static TransactionId open(Connection connection, int view, TransactionId id)
      throws IOException {
    return RemoteObjectStore.ask(
        connection,
        MessageType.OPEN,
        writer -> writer.putInt(view).putLong(id.epochNanos()),
        MessageCodec::getTransactionId);
  }

  @Override
  public TransactionId transaction() {
    return transaction;
  }

  /** A question to the server. */
  private interface Question<T> {
    T ask(Connection connection, int view) throws IOException;
  }

  private <T> T ask(Question<T> question) throws IOException {
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
    Connection current;
    int number;
    synchronized (this) {
      current = connection;
      number = view;
    }
    try {
      return question.ask(current, number);
    } catch (IpcException e) {
      if (!RemoteObjectStore.lost(e)) {
        throw e;
      }
    }
    synchronized (this) {
      if (connection == current) {
        Connection again = store.connection();
        int reopened = again.newView();
        open(again, reopened, transaction);
        connection = again;
        view = reopened;
      }
      current = connection;
      number = view;
    }
    return question.ask(current, number);
  }

  @Override
  public Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException {
    return ids.isEmpty()
        ? Map.of()
        : ask((to, number) -> get(store.cache(to), transaction, to, number, ids));
  }

  /** From the cache, if there is one, and what is not there from the server. */
  static Map<ObjectId, Revision> get(
      @Nullable ClientCache cache,
      TransactionId shown,
      Connection to,
      int view,
      Collection<ObjectId> ids)
      throws IOException {
    if (cache == null) {
      return get(to, view, ids);
    }
    Map<ObjectId, Revision> found = new LinkedHashMap<>();
    List<ObjectId> missing = new ArrayList<>();
    cache.get(ids, shown, found, missing);
    if (!missing.isEmpty()) {
      Map<ObjectId, Revision> read = get(to, view, missing);
      read.values().forEach(revision -> cache.put(revision, shown));
      found.putAll(read);
    }
    return found;
  }

  @Override
  public void prefetch(Collection<ObjectId> ids, int steps, long maxBytes) throws IOException {
    ask(
        (to, number) -> {
          ClientCache cache = store.cache(to);
          return cache == null
              ? to
              : to.start(
                  MessageType.PREFETCH,
                  writer -> {
                    writer.putInt(number).putInt(steps);
                    writer.putInt((int) Math.min(maxBytes, Integer.MAX_VALUE));
                    MessageCodec.putIds(writer, ids);
                  },
                  body -> keep(cache, body),
                  false);
        });
  }

  private void keep(ClientCache cache, ByteBuffer body) throws IOException {
    int count = MessageCodec.getCount(body, MessageCodec.ENTRY_HEADER_BYTES);
    for (int at = 0; at < count; at++) {
      cache.put(MessageCodec.getRevision(body, TransactionId.NONE), transaction);
    }
  }

  static Map<ObjectId, Revision> get(Connection to, int view, Collection<ObjectId> ids)
      throws IOException {
    Map<ObjectId, Revision> found = new LinkedHashMap<>(ids.size() * 4 / 3 + 1);
    to.call(
        MessageType.GET,
        writer -> {
          writer.putInt(view);
          MessageCodec.putIds(writer, ids);
        },
        body -> {
          int count = MessageCodec.getCount(body, MessageCodec.ENTRY_HEADER_BYTES);
          TransactionId last = TransactionId.NONE;
          for (int at = 0; at < count; at++) {
            Revision revision = MessageCodec.getRevision(body, last);
            last = revision.transaction();
            to.gaveOut(revision.id());
            found.put(revision.id(), revision);
          }
        });
    return found;
  }

  @Override
  public Map<ObjectId, TransactionId> changedBy(Collection<ObjectId> ids) throws IOException {
    return ask(
        (to, number) -> {
          Map<ObjectId, TransactionId> found = new LinkedHashMap<>();
          to.call(
              MessageType.CHANGED_BY,
              writer -> {
                writer.putInt(number);
                MessageCodec.putIds(writer, ids);
              },
              body -> {
                int count = MessageCodec.getCount(body, 2 * Long.BYTES);
                for (int at = 0; at < count; at++) {
                  found.put(MessageCodec.getObjectId(body), MessageCodec.getTransactionId(body));
                }
              });
          return found;
        });
  }

  @Override
  public List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit) throws IOException {
    List<ObjectId> found = new ArrayList<>();
    ObjectId from = first;
    while (found.size() < limit) {
      ObjectId start = from;
      List<ObjectId> some =
          ask(
              (to, number) ->
                  RemoteObjectStore.list(
                      to,
                      MessageType.IDS,
                      writer -> writer.putInt(number).putLong(start.value()).putInt(IDS_AT_ONCE),
                      MessageCodec::getObjectId));
      for (ObjectId id : some) {
        if (found.size() < limit && accepted.test(id.value())) {
          found.add(id);
        }
      }
      if (some.isEmpty() || some.get(some.size() - 1).equals(ObjectId.MAX)) {
        return found;
      }
      from = new ObjectId(some.get(some.size() - 1).value() + 1);
    }
    return found;
  }

  /** It is opened again after a lost connection as long as this snapshot is open. */
  @Override
  public Optional<BlobReader> openBlob(ObjectId id) throws IOException {
    return RemoteBlobReader.open(
        () ->
            ask(
                (to, number) ->
                    RemoteBlobReader.open(
                        to,
                        MessageType.BLOB_OPEN,
                        writer -> writer.putInt(number).putLong(id.value()))));
  }

  @Override
  public SortedMap<String, ObjectId> roots() throws IOException {
    return ask(RemoteSnapshot::roots);
  }

  static SortedMap<String, ObjectId> roots(Connection to, int view) throws IOException {
    SortedMap<String, ObjectId> roots = new TreeMap<>();
    RemoteObjectStore.ask(
            to, MessageType.ROOTS, writer -> writer.putInt(view), MessageCodec::getRoots)
        .forEach((name, target) -> target.ifPresent(id -> roots.put(name, id)));
    return roots;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    synchronized (this) {
      close(connection, view);
    }
  }

  /** A view of a lost connection has ended with it. */
  static void close(Connection connection, int view) {
    connection.viewEnded();
    try {
      if (!connection.isBroken()) {
        connection.tell(MessageType.CLOSE, writer -> writer.putInt(view));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a view ended with its connection", e);
    }
  }
}
