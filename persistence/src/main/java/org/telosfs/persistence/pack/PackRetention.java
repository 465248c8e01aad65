package org.telosfs.persistence.pack;

import java.util.LinkedHashMap;
import java.util.Map;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentRewrite;

/** Which records of a segment stay: those behind the horizon, and those that the index knows. */
final class PackRetention implements SegmentRewrite.Retention {

  /**
   * Objects that are changed often come again and again, and are found at the end of a long row.
   */
  private static final int REMEMBERED = 1 << 14;

  private static final long NOWHERE = -1;

  private final PackDecision decision;
  private final ObjectIndex index;
  private final int horizonCount;
  private final Map<ObjectId, Long> atHorizon =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The index is one without what the decision takes away. */
  PackRetention(PackDecision decision, ObjectIndex index) {
    this.decision = decision;
    this.index = index;
    this.horizonCount = index.transactionsUpTo(decision.horizon());
  }

  @Override
  public SegmentRewrite.Fate of(TransactionId transaction, LoggedTransaction.Change change) {
    if (decision.takes(change.object())) {
      return SegmentRewrite.Fate.GONE;
    }
    return transaction.compareTo(decision.horizon()) > 0
            || atHorizon.computeIfAbsent(change.object(), this::find) == change.position()
        ? SegmentRewrite.Fate.KEPT
        : SegmentRewrite.Fate.SUPERSEDED;
  }

  private Long find(ObjectId object) {
    return index.find(object, horizonCount).map(ObjectIndex.Place::position).orElse(NOWHERE);
  }
}
