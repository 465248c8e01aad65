package org.telosfs.persistence.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.index.IdSet;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogPosition;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentRewrite;

/** Packs a store that goes on being read and written. One pack runs at a time. */
public final class StorePack {

  private static final int TRANSACTIONS_AT_ONCE = 1000;

  private static final UUID DRY_RUN = new UUID(0, 0);

  /** If commits keep touching what is about to go, they wait at the last attempt. */
  private static final int ATTEMPTS = 3;

  private final PackableStore store;

  public StorePack(PackableStore store) {
    this.store = store;
  }

  /** Looks at everything and changes nothing. */
  public synchronized PackReport dryRun(PackOptions options) throws IOException {
    PackThrottle pace = throttle(options);
    TransactionId horizon = horizon(options.cutoff());
    Sorting sorting = sort(mark(horizon, pace), horizon);
    int last = store.index().lastTransaction().isEmpty() ? 0 : store.reader().segmentCount();
    PackDecision decision =
        new PackDecision(store.lastPack() + 1, DRY_RUN, horizon, last, sorting.gone);
    Tally tally = new Tally();
    SegmentRewrite rewrite = rewrite(decision, sorting.index, pace);
    for (int number = 1; number <= last; number++) {
      tally.segment(
          store.reader().sizeBytes(number),
          sorting.touched.get(number) ? rewrite.measure(number) : Optional.empty());
    }
    tally.sweep.count(store.blobs(), sorting.index, store.reader());
    return sorting.report(false, false, tally);
  }

  /**
   * Finishes a pack that was cut short, and then packs.
   *
   * @throws DanglingReferencesException if a reference leads nowhere, unless that is allowed
   * @throws java.io.InterruptedIOException if the thread was interrupted; the next pack goes on
   */
  public synchronized PackReport run(PackOptions options) throws IOException {
    PackThrottle pace = throttle(options);
    Optional<PackDecision> unfinished = store.unfinished();
    if (unfinished.isPresent()) {
      carryOut(unfinished.get(), pace);
    }
    TransactionId before = store.horizon();
    TransactionId horizon = horizon(options.cutoff());
    boolean decided = false;
    store.setHorizon(horizon);
    try {
      // Whoever opened an older state before that keeps it.
      horizon = horizon(options.cutoff());
      ReachabilityMark mark = mark(horizon, pace);
      if (!options.danglingAllowed() && !mark.dangling().isEmpty()) {
        throw new DanglingReferencesException(mark.dangling(), mark.danglingLeftOut());
      }
      Sorting sorting = sort(mark, horizon);
      Optional<PackDecision> decision = Optional.empty();
      for (int attempt = 1; attempt <= ATTEMPTS && decision.isEmpty(); attempt++) {
        if (sorting.isEmpty()) {
          Tally tally = new Tally().untouched(store);
          tally.sweep.run(store);
          return sorting.report(true, unfinished.isPresent(), tally);
        }
        decision = decide(sorting, attempt == ATTEMPTS);
        if (decision.isEmpty()) {
          sorting = sort(mark, horizon);
        }
      }
      decided = true;
      Tally tally = carryOut(decision.orElseThrow(), pace);
      tally.sweep.run(store);
      return sorting.report(true, unfinished.isPresent(), tally);
    } finally {
      store.setHorizon(decided ? horizon : before);
    }
  }

  private PackThrottle throttle(PackOptions options) {
    return new PackThrottle(
        options, () -> store.index().transactionCount(), () -> store.reader().segmentCount());
  }

  /** The newest transaction that every state to be kept is not older than. */
  private TransactionId horizon(TransactionId cutoff) {
    TransactionId oldest = store.oldestInUse();
    TransactionId limit = cutoff.compareTo(oldest) < 0 ? cutoff : oldest;
    ObjectIndex index = store.index();
    TransactionId horizon = index.transaction(index.transactionsUpTo(limit));
    return horizon.compareTo(store.horizon()) > 0 ? horizon : store.horizon();
  }

  private ReachabilityMark mark(TransactionId horizon, SegmentRewrite.Pace pace)
      throws IOException {
    ReachabilityMark mark = new ReachabilityMark(store.index(), store.reader(), horizon, pace);
    mark.catchUp();
    return mark;
  }

  /** What stays and what goes, as far as the mark has looked. */
  private final class Sorting {
    private final ReachabilityMark mark;
    private final TransactionId horizon;
    private final ObjectIndex index = new ObjectIndex();
    private final IdSet gone = new IdSet();
    private final BitSet touched = new BitSet();

    /**
     * Of objects that changed since. To find it one goes through all these changes, and an object
     * that changes often would have one do so often.
     */
    private final Map<ObjectId, Optional<ObjectIndex.Place>> atHorizon = new RecentlyFound();

    private TransactionId sorted = TransactionId.NONE;
    private long revisionsGone;

    Sorting(ReachabilityMark mark, TransactionId horizon) {
      this.mark = mark;
      this.horizon = horizon;
    }

    boolean isEmpty() {
      return revisionsGone == 0;
    }

    /** Whether everything that goes may still go. */
    boolean holds() {
      boolean[] rescued = new boolean[1];
      gone.forEach(id -> rescued[0] |= changedOrFound(new ObjectId(id)));
      return !rescued[0];
    }

    private boolean changedOrFound(ObjectId id) {
      ObjectIndex before = store.index();
      int count = before.transactionsUpTo(horizon);
      return before.changedSince(id, count)
          || (mark.found(id) && before.find(id, count).filter(p -> !p.deleted()).isPresent());
    }

    PackReport report(boolean applied, boolean resumed, Tally tally) {
      return new PackReport(
          applied,
          resumed,
          horizon,
          gone.size(),
          revisionsGone,
          tally.segments,
          tally.rewritten,
          tally.bytesBefore,
          tally.bytesAfter,
          tally.sweep.blobs(),
          tally.sweep.bytes(),
          mark.dangling(),
          mark.danglingLeftOut());
    }
  }

  private Sorting sort(ReachabilityMark mark, TransactionId horizon) {
    Sorting sorting = new Sorting(mark, horizon);
    sortUpTo(sorting, mark.seen());
    return sorting;
  }

  private void sortUpTo(Sorting sorting, TransactionId newest) {
    ObjectIndex index = store.index();
    int horizonCount = index.transactionsUpTo(sorting.horizon);
    while (sorting.sorted.compareTo(newest) < 0) {
      List<LoggedTransaction> next =
          index.transactions(TransactionRange.after(sorting.sorted, TRANSACTIONS_AT_ONCE));
      for (LoggedTransaction transaction : next) {
        if (transaction.id().compareTo(newest) > 0) {
          break;
        }
        sort(sorting, transaction, index, horizonCount);
        sorting.sorted = transaction.id();
      }
      if (next.isEmpty()) {
        break;
      }
    }
  }

  private static void sort(
      Sorting sorting, LoggedTransaction transaction, ObjectIndex index, int horizonCount) {
    if (transaction.id().compareTo(sorting.horizon) > 0) {
      sorting.index.publish(transaction);
      return;
    }
    List<LoggedTransaction.Change> kept = new ArrayList<>();
    for (LoggedTransaction.Change change : transaction.changes()) {
      if (stays(sorting, change, index, horizonCount)) {
        kept.add(change);
      } else {
        sorting.revisionsGone++;
        sorting.touched.set(LogPosition.segment(change.position()));
      }
    }
    if (!kept.isEmpty() || transaction.id().equals(sorting.horizon)) {
      sorting.index.publish(
          new LoggedTransaction(transaction.id(), transaction.commitPosition(), kept));
    } else {
      sorting.touched.set(LogPosition.segment(transaction.commitPosition()));
    }
  }

  private static boolean stays(
      Sorting sorting, LoggedTransaction.Change change, ObjectIndex index, int horizonCount) {
    boolean changedSince = index.changedSince(change.object(), horizonCount);
    Optional<ObjectIndex.Place> atHorizon =
        changedSince
            ? sorting.atHorizon.computeIfAbsent(change.object(), id -> index.find(id, horizonCount))
            : index.find(change.object(), horizonCount);
    if (atHorizon.isEmpty() || atHorizon.get().position() != change.position()) {
      return false;
    }
    if (changedSince || (!change.deleted() && sorting.mark.found(change.object()))) {
      return true;
    }
    sorting.gone.add(change.object());
    return false;
  }

  /**
   * Looks at what was committed since, and if everything that goes may still go, makes it so.
   *
   * @param insist sorts once more, between commits, rather than giving up
   */
  private Optional<PackDecision> decide(Sorting before, boolean insist) throws IOException {
    before.mark.catchUp();
    List<PackDecision> made = new ArrayList<>();
    store.betweenCommits(
        log -> {
          Sorting sorting = before;
          sorting.mark.catchUp();
          if (!sorting.holds()) {
            if (!insist) {
              return;
            }
            sorting = sort(sorting.mark, sorting.horizon);
          }
          sortUpTo(sorting, sorting.mark.seen());
          PackDecision decision =
              new PackDecision(
                  store.lastPack() + 1, log.logId(), sorting.horizon, log.seal(), sorting.gone);
          decision.write(store.directory());
          store.adopt(decision, sorting.index);
          made.add(decision);
        });
    return made.stream().findFirst();
  }

  /** Gives the space back. May be cut short anywhere, and done again. */
  private Tally carryOut(PackDecision decision, PackThrottle pace) throws IOException {
    Tally tally = new Tally();
    SegmentRewrite rewrite = rewrite(decision, store.index(), pace);
    for (int number = 1; number <= decision.lastSegment(); number++) {
      tally.segment(store.reader().sizeBytes(number), rewrite.rewrite(number));
      pace.segmentDone();
    }
    store.betweenCommits(
        log -> {
          store.saveIndex();
          PackDecision.delete(store.directory());
          store.forgetDecision();
        });
    return tally;
  }

  private SegmentRewrite rewrite(
      PackDecision decision, ObjectIndex packed, SegmentRewrite.Pace pace) {
    return new SegmentRewrite(
        store.directory(),
        store.reader(),
        decision.number(),
        decision.horizon(),
        new PackRetention(decision, packed),
        pace);
  }

  private static final class RecentlyFound
      extends LinkedHashMap<ObjectId, Optional<ObjectIndex.Place>> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 4096;

    RecentlyFound() {
      super(MOST, 0.75F, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ObjectId, Optional<ObjectIndex.Place>> eldest) {
      return size() > MOST;
    }
  }

  /** Sums over segments. */
  private static final class Tally {
    private final BlobSweep sweep = new BlobSweep();
    private int segments;
    private int rewritten;
    private long bytesBefore;
    private long bytesAfter;

    void segment(long before, Optional<Long> after) {
      segments++;
      bytesBefore += before;
      bytesAfter += after.orElse(before);
      rewritten += after.isPresent() ? 1 : 0;
    }

    Tally untouched(PackableStore store) throws IOException {
      for (int number = 1; number < store.reader().segmentCount(); number++) {
        segment(store.reader().sizeBytes(number), Optional.empty());
      }
      return this;
    }
  }
}
