package org.telosfs.persistence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits one group after another, with one sync for all of a group. Whoever comes while nobody
 * commits leads, and commits for itself and all who came before it had begun; then the first of
 * those who came later leads. So a single committer waits for nothing but its own sync (the
 * writers' queue of LevelDB). For who does not wait a thread leads that does nothing else, unless
 * he offers to lead himself and comes while nobody commits.
 *
 * <p>A failed sync fails every commit that waited for it and all that come later.
 */
final class GroupCommit<R> {

  /** What a commit is made of; called by one thread at a time, by whoever leads. */
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

  /** What is done between two groups of commits. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private static final System.Logger LOG = System.getLogger(GroupCommit.class.getName());

  private final Steps<R> steps;

  @GuardedBy("this")
  private final ArrayDeque<Waiting<R>> queue = new ArrayDeque<>();

  /** Whose turn it is, from when that is decided until the next is chosen. */
  @GuardedBy("this")
  private @Nullable Thread leader;

  @GuardedBy("this")
  private boolean closing;

  @GuardedBy("this")
  private @Nullable Throwable ended;

  /** Leads when it is the turn of one that does not wait. */
  private final Thread standIn = new Thread(this::leadForOthers, "telosfs-commit");

  @GuardedBy("this")
  private boolean standInLeads;

  GroupCommit(Steps<R> steps) {
    this.steps = steps;
    standIn.setDaemon(true);
    standIn.start();
  }

  /** One in the queue: for a commit, or to do other work. */
  private static final class Waiting<R> {
    private final Thread caller = Thread.currentThread();
    private final @Nullable R request;

    /** Of one that does not wait. */
    private final @Nullable CompletableFuture<CommitOutcome> later;

    private @Nullable CommitOutcome outcome;
    private @Nullable Throwable failure;

    /** Set after what it brings was set. */
    private volatile boolean leads;

    private volatile boolean done;

    Waiting(@Nullable R request, @Nullable CompletableFuture<CommitOutcome> later) {
      this.request = request;
      this.later = later;
    }

    void answer() {
      done = true;
      if (later == null) {
        LockSupport.unpark(caller);
      } else if (outcome == null) {
        later.completeExceptionally(failure(failure));
      } else {
        later.complete(outcome);
      }
    }

    void await() {
      boolean interrupted = false;
      while (!leads && !done) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns when the commit is durable or has failed; an interrupt ends nothing. */
  CommitOutcome submit(R request) throws IOException {
    Waiting<R> own = new Waiting<>(request, null);
    if (!enqueue(own, true)) {
      own.await();
    }
    if (!own.done) {
      lead();
    }
    CommitOutcome outcome = own.outcome;
    if (outcome == null) {
      throw failure(own.failure);
    }
    return outcome;
  }

  /**
   * Returns at once, unless this thread leads. The future ends, with the outcome or with what
   * {@link #submit} throws, in the thread that leads: what depends on it must be quick and wait for
   * nothing.
   *
   * @param mayLead whether this thread leads if nobody does
   * @throws StoreException.WritingEnded if nothing is committed any more
   */
  CompletableFuture<CommitOutcome> submitLater(R request, boolean mayLead)
      throws StoreException.WritingEnded {
    CompletableFuture<CommitOutcome> outcome = new CompletableFuture<>();
    if (enqueue(new Waiting<>(request, outcome), mayLead)) {
      lead();
    }
    return outcome;
  }

  /** Others depend on it, so an interrupt of the leader is kept for afterwards. */
  private void lead() {
    boolean interrupted = Thread.interrupted();
    List<Waiting<R>> group = takeGroup();
    try {
      commit(group);
    } finally {
      handOver();
      group.forEach(Waiting::answer);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does something while nothing is appended and not published. */
  void betweenCommits(Work work) throws IOException {
    Waiting<R> own = new Waiting<>(null, null);
    if (!enqueue(own, true)) {
      own.await();
    }
    try {
      synchronized (this) {
        queue.remove();
        requireWritable();
      }
      work.run();
    } finally {
      handOver();
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

  /** Takes nothing more, and waits for what waits. */
  void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (standIn.isAlive()) {
      try {
        standIn.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether this thread leads. */
  private synchronized boolean enqueue(Waiting<R> waiting, boolean mayLead)
      throws StoreException.WritingEnded {
    if (leader == waiting.caller) {
      throw new IllegalStateException(
          "a commit listener must not commit, nor work between commits");
    }
    if (closing) {
      throw new IllegalStateException("the store is closed");
    }
    requireWritable();
    queue.add(waiting);
    boolean leads = leader == null && mayLead;
    if (leads) {
      leader = waiting.caller;
    } else if (leader == null) {
      appoint(waiting);
    }
    return leads;
  }

  @GuardedBy("this")
  private void appoint(Waiting<R> next) {
    if (next.later == null) {
      leader = next.caller;
      next.leads = true;
      LockSupport.unpark(next.caller);
    } else {
      leader = standIn;
      standInLeads = true;
      notifyAll();
    }
  }

  /** All who want to commit, the leader first, up to who wants something else. */
  private synchronized List<Waiting<R>> takeGroup() {
    List<Waiting<R>> group = new ArrayList<>();
    for (Waiting<R> next = queue.peek();
        next != null && next.request != null;
        next = queue.peek()) {
      group.add(queue.remove());
    }
    return group;
  }

  private synchronized void handOver() {
    standInLeads = false;
    Waiting<R> next = queue.peek();
    if (next == null) {
      leader = null;
      if (closing) {
        notifyAll();
      }
    } else {
      appoint(next);
    }
  }

  private void leadForOthers() {
    while (awaitTurn()) {
      lead();
    }
  }

  /** False when all is done and nothing more comes. */
  private synchronized boolean awaitTurn() {
    while (!standInLeads && !(closing && leader == null)) {
      try {
        wait();
      } catch (InterruptedException e) {
        LOG.log(System.Logger.Level.DEBUG, "an interrupt of the committing thread is ignored");
      }
    }
    return standInLeads;
  }

  /** Commits all of them, and notes for each what became of it. */
  private void commit(List<Waiting<R>> group) {
    try {
      requireWritable();
      for (Waiting<R> waiting : group) {
        append(waiting);
      }
      steps.sync();
      steps.publish();
    } catch (IOException | RuntimeException | Error e) {
      synchronized (this) {
        ended = ended == null ? e : ended;
      }
      for (Waiting<R> waiting : group) {
        waiting.outcome = null;
        waiting.failure = e;
      }
    }
  }

  private void append(Waiting<R> waiting) throws IOException {
    R request = waiting.request;
    if (request == null) {
      throw new IllegalStateException("nothing to commit");
    }
    try {
      waiting.outcome = steps.append(request);
    } catch (StoreException.NotCommitted refused) {
      waiting.failure = refused;
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
