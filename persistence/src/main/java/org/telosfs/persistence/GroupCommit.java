package org.telosfs.persistence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Commits one after another in a thread of its own, with one sync for all that were waiting when it
 * became free. The thread is what an interrupted client cannot interrupt.
 *
 * <p>A failed sync fails every commit that waited for it and all that come later.
 */
final class GroupCommit<R> {

  /** What a commit is made of; called by the committing thread alone. */
  interface Steps<R> {

    /**
     * Checks and appends one.
     *
     * @return what its committer is told once it is durable
     * @throws StoreException.NotCommitted if that one is refused and the others go on; any other
     *     failure ends writing
     */
    CommitOutcome append(R request) throws IOException;

    /** Makes durable what was appended. */
    void sync() throws IOException;

    /** Shows what is durable now to readers and listeners. */
    void publish();
  }

  private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());

  /** What is done between two groups of commits. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private record Between(Work work, CompletableFuture<Void> done) {}

  private record Waiting<R>(R request, CompletableFuture<CommitOutcome> outcome) {}

  private final Steps<R> steps;
  private final Thread thread;

  @GuardedBy("this")
  private List<Waiting<R>> queue = new ArrayList<>();

  @GuardedBy("this")
  private List<Between> between = new ArrayList<>();

  @GuardedBy("this")
  private boolean closing;

  @GuardedBy("this")
  private @Nullable Throwable ended;

  GroupCommit(Steps<R> steps, String threadName) {
    this.steps = steps;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits until the commit is durable or has failed; an interrupt does not end the wait. */
  CommitOutcome submit(R request) throws IOException {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException("a commit listener must not commit");
    }
    Waiting<R> waiting = new Waiting<>(request, new CompletableFuture<>());
    synchronized (this) {
      if (closing) {
        throw new IllegalStateException("the store is closed");
      }
      requireWritable();
      queue.add(waiting);
      notifyAll();
    }
    try {
      return waiting.outcome().join();
    } catch (CompletionException e) {
      throw failure(e.getCause());
    }
  }

  /** Does something in the committing thread while nothing is appended and not published. */
  void betweenCommits(Work work) throws IOException {
    Between waiting = new Between(work, new CompletableFuture<>());
    synchronized (this) {
      if (closing) {
        throw new IllegalStateException("the store is closed");
      }
      requireWritable();
      between.add(waiting);
      notifyAll();
    }
    try {
      waiting.done().join();
    } catch (CompletionException e) {
      throw failure(e.getCause());
    }
  }

  /** Why nothing is committed any more; null while it is. */
  synchronized @Nullable Throwable ended() {
    return ended;
  }

  synchronized void requireWritable() throws StoreException.WritingEnded {
    if (ended != null) {
      throw new StoreException.WritingEnded(String.valueOf(ended.getMessage()), ended);
    }
  }

  /** Finishes what waits, takes nothing more, and ends the thread. */
  void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (waitForWork()) {
      takeBetween().forEach(GroupCommit::perform);
      List<Waiting<R>> group = takeQueue();
      if (!group.isEmpty()) {
        commit(group);
      }
    }
  }

  private static void perform(Between between) {
    try {
      between.work().run();
      between.done().complete(null);
    } catch (IOException | RuntimeException | Error e) {
      between.done().completeExceptionally(e);
    }
  }

  /** Whether there is anything to do; not so when closing and all is done. */
  private synchronized boolean waitForWork() {
    while (queue.isEmpty() && between.isEmpty() && !closing) {
      try {
        wait();
      } catch (InterruptedException e) {
        LOG.log(System.Logger.Level.DEBUG, "an interrupt of the committing thread is ignored");
      }
    }
    return !queue.isEmpty() || !between.isEmpty();
  }

  private synchronized List<Waiting<R>> takeQueue() {
    List<Waiting<R>> group = queue;
    queue = new ArrayList<>();
    return group;
  }

  private synchronized List<Between> takeBetween() {
    List<Between> taken = between;
    between = new ArrayList<>();
    return taken;
  }

  private void commit(List<Waiting<R>> group) {
    List<Runnable> answers = new ArrayList<>();
    try {
      synchronized (this) {
        requireWritable();
      }
      for (Waiting<R> waiting : group) {
        answers.add(append(waiting));
      }
      steps.sync();
      steps.publish();
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        ended = ended == null ? e : ended;
      }
      group.forEach(waiting -> waiting.outcome().completeExceptionally(e));
      return;
    }
    answers.forEach(Runnable::run);
  }

  private Runnable append(Waiting<R> waiting) throws IOException {
    try {
      CommitOutcome outcome = steps.append(waiting.request());
      return () -> waiting.outcome().complete(outcome);
    } catch (StoreException.NotCommitted refused) {
      return () -> waiting.outcome().completeExceptionally(refused);
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof StoreException.NotCommitted refused) {
      return refused;
    }
    return new StoreException.WritingEnded(
        cause == null ? "writing ended" : String.valueOf(cause.getMessage()), cause);
  }
}
