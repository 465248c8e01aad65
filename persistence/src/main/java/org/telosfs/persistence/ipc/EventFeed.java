package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.TransactionId;

/**
 * Tells the clients that asked for it of every commit, all at once, and has the committer wait
 * until they have seen it, or until a deadline has passed, which costs them their connection.
 */
final class EventFeed implements CommitListener {
  /** A client that is told. */
  interface Subscriber {
    /** Sends a notice; waits for nobody. */
    void tell(CommittedTransaction transaction);

    /** The newest transaction that the client says to have seen; MAX once he is gone. */
    TransactionId seen();

    /** The deadline has passed. */
    void tooSlow();
  }

  private final Duration deadline;
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private TransactionId told = TransactionId.NONE;

  EventFeed(Duration deadline) {
    this.deadline = deadline;
  }

  /** All up to here was committed before the feed was told of anything. */
  synchronized void startAt(TransactionId newest) {
    told = newest.compareTo(told) > 0 ? newest : told;
    notifyAll();
  }

  void add(Subscriber subscriber) {
    subscribers.add(subscriber);
  }

  void remove(Subscriber subscriber) {
    subscribers.remove(subscriber);
    progressed();
  }

  /** A subscriber has seen something, or is gone. */
  synchronized void progressed() {
    notifyAll();
  }

  synchronized TransactionId told() {
    return told;
  }

  /** Waits until notices of that transaction are on their way to all who get them. */
  synchronized void awaitTold(TransactionId id) throws InterruptedException {
    while (told.compareTo(id) < 0) {
      wait();
    }
  }

  @Override
  public void committed(CommittedTransaction transaction) {
    List<Subscriber> asked = List.copyOf(subscribers);
    asked.forEach(subscriber -> subscriber.tell(transaction));
    startAt(transaction.id());
    long end = System.nanoTime() + deadline.toNanos();
    asked.forEach(subscriber -> awaitSeen(subscriber, transaction.id(), end));
  }

  private void awaitSeen(Subscriber subscriber, TransactionId id, long endNanos) {
    boolean late = false;
    synchronized (this) {
      while (!late && subscriber.seen().compareTo(id) < 0) {
        long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          late = true;
        } else {
          try {
            wait(leftMillis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            late = true;
          }
        }
      }
    }
    if (late) {
      subscriber.tooSlow();
    }
  }
}
