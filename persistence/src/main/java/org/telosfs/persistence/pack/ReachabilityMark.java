package org.telosfs.persistence.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.index.IdSet;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogReader;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentRewrite;

/**
 * Finds every object that a state from the horizon on can reach, or that a transaction behind it
 * touched or referred to.
 *
 * <p>What such a state reaches, it reaches by revisions that are the newest at the horizon or
 * behind it. So all revisions behind the horizon are looked at, whoever can reach them, and of each
 * object found the one that was the newest at the horizon. Transactions that are committed
 * meanwhile are one more look behind: {@link #catchUp}.
 */
final class ReachabilityMark {

  /** More references that lead nowhere are only counted. */
  static final int MAX_DANGLING = 1000;

  private static final int TRANSACTIONS_AT_ONCE = 1000;

  private final ObjectIndex index;
  private final LogReader reader;
  private final SegmentRewrite.Pace pace;
  private final int horizonCount;
  private final IdSet found = new IdSet();
  private final List<DanglingReference> dangling = new ArrayList<>();
  private long danglingLeftOut;
  private TransactionId seen;

  /** Found, and not looked at. */
  private IdSet frontier = new IdSet();

  ReachabilityMark(
      ObjectIndex index, LogReader reader, TransactionId horizon, SegmentRewrite.Pace pace) {
    this.index = index;
    this.reader = reader;
    this.pace = pace;
    this.horizonCount = index.transactionsUpTo(horizon);
    this.seen = horizon;
    mark(ObjectId.ROOTS);
  }

  /**
   * Looks at all that was committed since the last time, as fast as it goes, since whoever rests
   * while others commit might never catch up with them; then at what can be reached from there.
   *
   * @return how many transactions came since
   */
  long catchUp() throws IOException {
    long transactions = 0;
    for (List<LoggedTransaction> next = next(); !next.isEmpty(); next = next()) {
      for (LoggedTransaction transaction : next) {
        look(transaction);
      }
      transactions += next.size();
      seen = next.get(next.size() - 1).id();
    }
    while (!frontier.isEmpty()) {
      lookAtFrontier();
    }
    return transactions;
  }

  boolean found(ObjectId id) {
    return found.contains(id);
  }

  /** The newest transaction that was looked at. */
  TransactionId seen() {
    return seen;
  }

  List<DanglingReference> dangling() {
    return List.copyOf(dangling);
  }

  long danglingLeftOut() {
    return danglingLeftOut;
  }

  private List<LoggedTransaction> next() {
    return index.transactions(TransactionRange.after(seen, TRANSACTIONS_AT_ONCE));
  }

  private void look(LoggedTransaction transaction) throws IOException {
    for (LoggedTransaction.Change change : transaction.changes()) {
      mark(change.object());
      if (!change.deleted()) {
        look(change.object(), transaction.id(), change.position());
      }
    }
  }

  /** In ascending order of ids, which is nearly that of the log. */
  private void lookAtFrontier() throws IOException {
    IdSet now = frontier;
    frontier = new IdSet();
    List<ObjectId> ids = new ArrayList<>();
    now.forEach(id -> ids.add(new ObjectId(id)));
    for (ObjectId id : ids) {
      Optional<ObjectIndex.Place> place = index.find(id, horizonCount);
      if (place.isPresent() && !place.get().deleted()) {
        pace.next(look(id, place.get().transaction(), place.get().position()));
      }
    }
  }

  /** Returns how large it is. */
  private int look(ObjectId object, TransactionId transaction, long position) throws IOException {
    Revision revision;
    try {
      revision = reader.revision(object, transaction, position);
    } catch (StoreException.PackedAway e) {
      throw new IOException("another pack took away what this one was looking at", e);
    }
    int state = state(object, transaction);
    for (ObjectId target : revision.references()) {
      if (index.find(target, state).filter(place -> !place.deleted()).isEmpty()) {
        note(new DanglingReference(object, transaction, target));
      }
      mark(target);
    }
    return revision.state().size();
  }

  /**
   * The state in which a revision's references must lead somewhere: the newest if it is in it, else
   * that of its transaction or of the horizon.
   */
  private int state(ObjectId object, TransactionId transaction) {
    int made = Math.max(horizonCount, index.transactionsUpTo(transaction));
    int now = index.transactionCount();
    return index.changedSince(object, made) ? made : now;
  }

  private void note(DanglingReference reference) {
    if (dangling.size() < MAX_DANGLING) {
      dangling.add(reference);
    } else {
      danglingLeftOut++;
    }
  }

  private void mark(ObjectId id) {
    if (found.add(id)) {
      frontier.add(id);
    }
  }
}
