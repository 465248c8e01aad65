package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;

/** The snapshots and transactions that a client has open. */
final class SessionViews {
  private static final System.Logger LOG = System.getLogger(SessionViews.class.getName());

  private final ObjectStore store;
  private final IpcLimits limits;
  private final String client;
  private final Map<Integer, View> views = new ConcurrentHashMap<>();

  SessionViews(ObjectStore store, IpcLimits limits, String client) {
    this.store = store;
    this.limits = limits;
    this.client = client;
  }

  TransactionId openSnapshot(int number, TransactionId id) throws IOException {
    requireFree(number);
    StoreSnapshot snapshot = id.epochNanos() == WireFormat.NEWEST ? store.snapshot() : store.at(id);
    views.put(number, new View(snapshot));
    return snapshot.transaction();
  }

  TransactionId openTransaction(int number) throws IOException {
    requireFree(number);
    StoreTransaction transaction = store.begin();
    views.put(number, new View(transaction));
    return transaction.base();
  }

  private void requireFree(int number) throws IpcException {
    if (number == WireFormat.NEWEST_VIEW || views.containsKey(number)) {
      throw new IpcException(IpcError.INVALID, "view " + number + " is taken");
    }
    if (views.size() >= limits.maxViews()) {
      throw new IpcException(
          IpcError.TOO_MANY_VIEWS,
          "more than " + limits.maxViews() + " snapshots and transactions are open");
    }
  }

  private View view(int number) throws IpcException {
    View view = views.get(number);
    if (view == null) {
      throw new IpcException(
          IpcError.NO_SUCH_VIEW,
          "there is no snapshot or transaction "
              + number
              + "; one that is idle for "
              + limits.transactionIdle()
              + " is ended");
    }
    view.used();
    return view;
  }

  View transaction(ByteBuffer body) throws IpcException {
    View view = view(MessageCodec.getInt(body));
    view.transaction();
    return view;
  }

  /** Takes the transaction out, to commit it; it is the caller's to close. */
  View take(int number) throws IpcException {
    View view = view(number);
    view.transaction();
    views.remove(number);
    return view;
  }

  /** A request of that view failed; without effect if there is none. */
  void failed(int number) {
    View view = views.get(number);
    if (view != null) {
      view.fail();
    }
  }

  void close(int number) {
    View view = views.remove(number);
    if (view != null) {
      view.close();
    }
  }

  /** Something that is asked of a snapshot or a transaction. */
  @FunctionalInterface
  interface Question<T> {
    T ask(@Nullable StoreSnapshot snapshot, @Nullable StoreTransaction transaction)
        throws IOException;
  }

  <T> T ask(int number, Question<T> question) throws IOException {
    if (number == WireFormat.NEWEST_VIEW) {
      try (StoreSnapshot newest = store.snapshot()) {
        return question.ask(newest, null);
      }
    }
    View view = view(number);
    synchronized (view) {
      return view.isTransaction()
          ? question.ask(null, view.transaction())
          : question.ask(view.snapshot(), null);
    }
  }

  void endIdle() {
    long most = limits.transactionIdle().toNanos();
    views.forEach(
        (number, view) -> {
          if (view.isTransaction() && view.idleNanos() > most && views.remove(number, view)) {
            view.close();
            LOG.log(
                System.Logger.Level.WARNING,
                "a transaction of {0} was idle for {1} and is aborted",
                client,
                limits.transactionIdle());
          }
        });
  }

  /** Aborts what the client left open. */
  void closeAll() {
    views.values().forEach(View::close);
    views.clear();
  }
}
