package org.telosfs.persistence.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.isolation.Anomaly.Kind;
import org.telosfs.persistence.isolation.ObservedTransaction.Access;
import org.telosfs.persistence.isolation.ObservedTransaction.Outcome;

/** The checker finds each anomaly where one was planted, and none where there is none. */
class IsolationCheckerTest {

  private static final ObjectId X = new ObjectId(2);
  private static final ObjectId Y = new ObjectId(3);

  private final List<ObservedTransaction> history = new ArrayList<>();
  private final Map<ObjectId, List<StoredVersion>> versions = new LinkedHashMap<>();

  @Test
  void aSerialHistoryHasNone() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    begin(2, 1).read(X, 10, 1).write(X, 20).commit(2);
    begin(3, 2).read(X, 20, 2).read(Y, 11, 1).commitNothing();
    assertEquals(Set.of(), kinds());
  }

  @Test
  void writeSkewIsAllowed() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    Planted one = begin(2, 1).read(X, 10, 1).read(Y, 11, 1).write(X, 20);
    Planted other = begin(2, 1).read(X, 10, 1).read(Y, 11, 1).write(Y, 30);
    one.commit(2);
    other.commit(3);
    assertEquals(Set.of(), kinds());
  }

  @Test
  void g0() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    begin(1, 0).write(X, 20).write(Y, 21).commit(2);
    versions.put(X, List.of(new StoredVersion(id(1), 10), new StoredVersion(id(2), 20)));
    versions.put(Y, List.of(new StoredVersion(id(2), 21), new StoredVersion(id(1), 11)));
    assertTrue(kinds().contains(Kind.WRITE_CYCLE));
  }

  @Test
  void g1a() {
    begin(1, 0).write(X, 10).commit(1);
    begin(2, 1).write(X, 20).abort();
    begin(3, 1).read(X, 20, 2).commitNothing();
    assertEquals(Set.of(Kind.ABORTED_READ), kinds());
  }

  @Test
  void g1aOfWhatIsStored() {
    begin(1, 0).write(X, 10).commit(1);
    begin(2, 1).write(X, 20).abort();
    versions.get(X).add(new StoredVersion(id(2), 20));
    assertEquals(Set.of(Kind.ABORTED_READ), kinds());
  }

  @Test
  void g1b() {
    begin(1, 0).write(X, 10).write(X, 11).commit(1);
    begin(2, 1).read(X, 10, 1).commitNothing();
    assertEquals(Set.of(Kind.INTERMEDIATE_READ), kinds());
  }

  @Test
  void g1bOfWhatWasTakenBack() {
    begin(1, 0).write(X, 10).rollback().write(X, 11).commit(1);
    begin(2, 1).read(X, 10, 1).commitNothing();
    assertEquals(Set.of(Kind.INTERMEDIATE_READ), kinds());
  }

  @Test
  void g1c() {
    begin(1, 0).write(X, 10).read(Y, 21, 2).commit(1);
    begin(1, 0).write(Y, 21).read(X, 10, 1).commit(2);
    assertTrue(kinds().contains(Kind.CIRCULAR_INFORMATION_FLOW));
    assertTrue(!kinds().contains(Kind.WRITE_CYCLE));
  }

  @Test
  void readSkew() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    Planted reader = begin(2, 1).read(X, 10, 1);
    begin(2, 1).write(X, 20).write(Y, 21).commit(2);
    reader.read(Y, 21, 2).commitNothing();
    assertEquals(Set.of(Kind.READ_SKEW, Kind.OUTSIDE_SNAPSHOT), kinds());
  }

  @Test
  void readSkewByWayOfAThirdEvenIfTheStoreSaysOtherwise() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    Planted reader = begin(2, 1).read(X, 10, 1);
    begin(2, 1).write(X, 20).commit(2);
    begin(3, 2).read(X, 20, 2).write(Y, 31).commit(3);
    reader.read(Y, 31, 3).commitNothing();
    assertTrue(kinds().contains(Kind.READ_SKEW));
  }

  @Test
  void lostUpdate() {
    begin(1, 0).write(X, 10).commit(1);
    Planted one = begin(2, 1).read(X, 10, 1).write(X, 20);
    Planted other = begin(2, 1).read(X, 10, 1).write(X, 30);
    one.commit(2);
    other.commit(3);
    assertEquals(Set.of(Kind.LOST_UPDATE), kinds());
  }

  @Test
  void staleRead() {
    begin(1, 0).write(X, 10).commit(1);
    begin(2, 1).write(X, 20).commit(2);
    begin(100, 1).read(X, 10, 1).commitNothing();
    assertEquals(Set.of(Kind.STALE_READ), kinds());
  }

  @Test
  void aReadThatIsNotOfTheStateTheTransactionSees() {
    begin(1, 0).write(X, 10).commit(1);
    Planted reader = begin(2, 1);
    begin(2, 1).write(X, 20).commit(2);
    reader.read(X, 20, 2).commitNothing();
    assertEquals(Set.of(Kind.OUTSIDE_SNAPSHOT), kinds());
  }

  @Test
  void lostAndHalfCommitsAndUnexplainedValues() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    versions.get(Y).clear();
    assertEquals(Set.of(Kind.LOST_COMMIT), kinds());
    begin(2, 1).write(X, 20).write(Y, 21).lose();
    versions.get(X).add(new StoredVersion(id(2), 20));
    assertEquals(Set.of(Kind.LOST_COMMIT, Kind.HALF_COMMIT), kinds());
    versions.get(Y).add(new StoredVersion(id(2), 999));
    assertTrue(kinds().contains(Kind.UNEXPLAINED));
  }

  @Test
  void aCommitInDoubtIsWhollyThereOrNotAtAll() {
    begin(1, 0).write(X, 10).write(Y, 11).commit(1);
    begin(2, 1).write(X, 20).write(Y, 21).lose();
    assertEquals(Set.of(), kinds());
    versions.get(X).add(new StoredVersion(id(2), 20));
    versions.get(Y).add(new StoredVersion(id(2), 21));
    begin(3, 2).read(X, 20, 2).read(Y, 21, 2).commitNothing();
    assertEquals(Set.of(), kinds());
  }

  private Set<Kind> kinds() {
    return IsolationChecker.check(history, versions).stream()
        .map(Anomaly::kind)
        .collect(Collectors.toSet());
  }

  private static TransactionId id(long number) {
    return new TransactionId(number);
  }

  private Planted begin(long at, long base) {
    return new Planted(10 * at, id(base));
  }

  /** A transaction that takes place as the test says, whatever a store would do. */
  private final class Planted {

    private final long began;
    private final TransactionId base;
    private final List<Access> reads = new ArrayList<>();
    private final List<Access> writes = new ArrayList<>();
    private final List<Access> rolledBack = new ArrayList<>();

    Planted(long began, TransactionId base) {
      this.began = began;
      this.base = base;
    }

    Planted read(ObjectId object, long value, long version) {
      reads.add(new Access(object, value, id(version)));
      return this;
    }

    Planted write(ObjectId object, long value) {
      writes.add(new Access(object, value, TransactionId.NONE));
      return this;
    }

    Planted rollback() {
      rolledBack.addAll(writes);
      writes.clear();
      return this;
    }

    void commit(long number) {
      Map<ObjectId, Long> last = new LinkedHashMap<>();
      writes.forEach(write -> last.put(write.object(), write.value()));
      last.forEach(
          (object, value) ->
              versions
                  .computeIfAbsent(object, key -> new ArrayList<>())
                  .add(new StoredVersion(id(number), value)));
      end(Outcome.COMMITTED, began + 1, number);
    }

    void commitNothing() {
      end(Outcome.COMMITTED, began + 1, 0);
    }

    void abort() {
      end(Outcome.ABORTED, began + 1, 0);
    }

    void lose() {
      end(Outcome.UNKNOWN, Long.MAX_VALUE, 0);
    }

    private void end(Outcome outcome, long ended, long number) {
      history.add(
          new ObservedTransaction(
              "transaction " + (history.size() + 1),
              began,
              ended,
              base,
              reads,
              writes,
              rolledBack,
              outcome,
              id(number)));
    }
  }
}
