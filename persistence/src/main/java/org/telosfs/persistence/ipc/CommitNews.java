package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.Subscription;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;

/**
 * What a client is told of commits, in their order, over one connection after the other: ends what
 * the cache holds of their objects, and then tells listeners in a thread of its own, which answers
 * the server. What was committed while there was no connection is asked for; where that is too
 * much, the cache is emptied and listeners are told that they missed something.
 */
final class CommitNews {
  private static final System.Logger LOG = System.getLogger(CommitNews.class.getName());

  /**
   * Transactions that are made up for after a lost connection; the server tells no more at once.
   */
  private static final int MAX_MISSED = 1000;

  private final @Nullable ClientCache cache;
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<News> queue = new LinkedBlockingQueue<>();
  private final Thread teller = new Thread(this::tellOnAndOn, "telosfs-listeners");
  private volatile boolean closed;

  /** The newest transaction that is known here; null before the first subscription. */
  @GuardedBy("this")
  private @Nullable TransactionId newest;

  /** Whose notices follow what is known. */
  @GuardedBy("this")
  private @Nullable Connection current;

  /** Notices of a connection that is not yet the current one. */
  @GuardedBy("this")
  private final List<News> early = new ArrayList<>();

  /**
   * @param transaction null if some were missed
   */
  private record News(Connection from, @Nullable CommittedTransaction transaction) {}

  CommitNews(@Nullable ClientCache cache) {
    this.cache = cache;
    teller.setDaemon(true);
    teller.start();
  }

  Subscription add(CommitListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Whether this is the thread that runs listeners, in which a commit would wait for itself. */
  boolean isTelling() {
    return Thread.currentThread() == teller;
  }

  /** A notice, from the thread that reads the connection. */
  synchronized void committed(Connection from, CommittedTransaction transaction) {
    if (from == current) {
      take(from, transaction);
    } else {
      early.add(new News(from, transaction));
    }
  }

  @GuardedBy("this")
  private void take(Connection from, CommittedTransaction transaction) {
    if (newest != null && transaction.id().compareTo(newest) <= 0) {
      return;
    }
    newest = transaction.id();
    if (cache != null) {
      cache.changed(transaction);
    }
    queue.add(new News(from, transaction));
  }

  /** Has a new connection tell of commits, those included that came since the last one was lost. */
  void subscribe(Connection opened) throws IOException {
    TransactionId told =
        RemoteObjectStore.ask(
            opened, MessageType.SUBSCRIBE, writer -> {}, MessageCodec::getTransactionId);
    TransactionId known = known();
    List<CommittedTransaction> missed =
        known == null || known.equals(told) ? List.of() : missed(opened, known, told);
    synchronized (this) {
      if (missed == null) {
        queue.add(new News(opened, null));
      }
      if (missed == null || known == null) {
        newest = told;
        if (cache != null) {
          cache.startAt(told);
        }
      } else {
        missed.forEach(transaction -> takeMissed(opened, transaction));
      }
      current = opened;
      for (News next : early) {
        if (next.from() == opened && next.transaction() != null) {
          take(opened, next.transaction());
        }
      }
      early.clear();
    }
  }

  private synchronized void takeMissed(Connection from, CommittedTransaction transaction) {
    take(from, transaction);
  }

  private synchronized @Nullable TransactionId known() {
    return newest;
  }

  /** Null if it cannot be told. */
  private static @Nullable List<CommittedTransaction> missed(
      Connection opened, TransactionId known, TransactionId told) throws IOException {
    List<CommittedTransaction> found;
    TransactionRange range =
        new TransactionRange(known, told, TransactionRange.Order.OLDEST_FIRST, MAX_MISSED);
    try {
      found =
          RemoteObjectStore.list(
              opened,
              MessageType.TRANSACTIONS,
              writer -> MessageCodec.putRange(writer, range),
              MessageCodec::getTransaction);
    } catch (IpcException e) {
      if (RemoteObjectStore.lost(e)) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "what was missed is not told", e);
      return null;
    }
    boolean follows =
        known.equals(TransactionId.NONE) || (!found.isEmpty() && found.get(0).id().equals(known));
    boolean whole = !found.isEmpty() && found.get(found.size() - 1).id().compareTo(told) >= 0;
    return follows && whole ? found : null;
  }

  private void tellOnAndOn() {
    while (!closed) {
      try {
        tell(queue.take());
      } catch (InterruptedException e) {
        LOG.log(System.Logger.Level.DEBUG, "the store is closed");
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "a notice came from a lost connection", e);
      }
    }
  }

  private void tell(News news) throws IOException {
    CommittedTransaction transaction = news.transaction();
    if (transaction == null) {
      tellAll(CommitListener::missed);
      return;
    }
    tellAll(listener -> listener.committed(transaction));
    news.from().tell(MessageType.SEEN, writer -> writer.putLong(transaction.id().epochNanos()));
  }

  private void tellAll(Consumer<CommitListener> what) {
    for (CommitListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a commit listener failed", e);
      }
    }
  }

  void close() {
    closed = true;
    teller.interrupt();
  }
}
