package org.telosfs.persistence.isolation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.isolation.Anomaly.Kind;
import org.telosfs.persistence.isolation.ObservedTransaction.Access;
import org.telosfs.persistence.isolation.ObservedTransaction.Outcome;

/**
 * Checks what clients saw of their transactions, and what the store has in the end, for snapshot
 * isolation. The order of an object's versions is the store's own; who wrote a version, its value
 * tells. What the clients do not know, whether a commit in doubt happened, is taken from the store,
 * which must have it wholly or not at all.
 *
 * <p>Cycles are searched in the graph of what overwrites and what reads what (which must have none)
 * and for each read that was overwritten later in the same graph (a cycle with one such edge is
 * forbidden, one with two is the write skew that snapshot isolation allows). That does not trust
 * what the store says about the state a transaction sees; that, and real time, are checked
 * separately.
 */
public final class IsolationChecker {

  private final List<ObservedTransaction> transactions;
  private final Map<ObjectId, List<StoredVersion>> versions;
  private final List<Anomaly> found = new ArrayList<>();

  /** Who wrote a value, and whether as the last one of that object. */
  private final Map<Long, Writer> writers = new HashMap<>();

  /** By transaction that exists: which one it is. */
  private final Map<TransactionId, Integer> committed = new HashMap<>();

  /** By object and version, the place in the order. */
  private final Map<ObjectId, Map<TransactionId, Integer>> places = new HashMap<>();

  /** By number: its id; {@link TransactionId#NONE} if it did not commit or only read. */
  private final TransactionId[] ids;

  private record Writer(int transaction, ObjectId object, boolean last) {}

  private IsolationChecker(
      List<ObservedTransaction> transactions, Map<ObjectId, List<StoredVersion>> versions) {
    this.transactions = transactions;
    this.versions = versions;
    this.ids = new TransactionId[transactions.size()];
  }

  /**
   * All anomalies that were found, none if the history is one of snapshot isolation.
   *
   * @param versions by object, oldest first
   */
  public static List<Anomaly> check(
      List<ObservedTransaction> transactions, Map<ObjectId, List<StoredVersion>> versions) {
    IsolationChecker checker = new IsolationChecker(transactions, versions);
    checker.run();
    return checker.found;
  }

  private void run() {
    indexWriters();
    for (int number = 0; number < ids.length; number++) {
      ids[number] = idOf(number);
      if (!ids[number].equals(TransactionId.NONE)) {
        committed.put(ids[number], number);
      }
    }
    checkVersions();
    checkReads();
    if (found.isEmpty()) {
      checkCycles();
      checkRealTime();
    }
  }

  private void indexWriters() {
    for (int number = 0; number < transactions.size(); number++) {
      Set<ObjectId> later = new HashSet<>();
      List<Access> writes = transactions.get(number).writes();
      for (int at = writes.size() - 1; at >= 0; at--) {
        Access write = writes.get(at);
        boolean last = later.add(write.object());
        writers.put(write.value(), new Writer(number, write.object(), last));
      }
      for (Access write : transactions.get(number).rolledBack()) {
        writers.put(write.value(), new Writer(number, write.object(), false));
      }
    }
  }

  /** What the transaction wants to commit. */
  private static Map<ObjectId, Long> lastWrites(ObservedTransaction transaction) {
    Map<ObjectId, Long> last = new LinkedHashMap<>();
    transaction.writes().forEach(write -> last.put(write.object(), write.value()));
    return last;
  }

  private TransactionId idOf(int number) {
    ObservedTransaction transaction = transactions.get(number);
    return switch (transaction.outcome()) {
      case COMMITTED -> transaction.id();
      case ABORTED -> TransactionId.NONE;
      case UNKNOWN -> idInDoubt(transaction);
    };
  }

  /** From the store: the transaction that left its values there. */
  private TransactionId idInDoubt(ObservedTransaction transaction) {
    Map<ObjectId, Long> last = lastWrites(transaction);
    Set<TransactionId> stored = new HashSet<>();
    int there = 0;
    for (Map.Entry<ObjectId, Long> write : last.entrySet()) {
      for (StoredVersion version : versions(write.getKey())) {
        if (version.value() == write.getValue()) {
          stored.add(version.id());
          there++;
        }
      }
    }
    if (there == 0) {
      return TransactionId.NONE;
    }
    if (there != last.size() || stored.size() != 1) {
      report(Kind.HALF_COMMIT, transaction.name() + " left " + there + " of " + last.size());
    }
    return stored.iterator().next();
  }

  private void checkVersions() {
    for (Map.Entry<ObjectId, List<StoredVersion>> object : versions.entrySet()) {
      Map<TransactionId, Integer> order = new HashMap<>();
      for (StoredVersion version : object.getValue()) {
        order.put(version.id(), order.size());
        checkStored(object.getKey(), version);
      }
      places.put(object.getKey(), order);
    }
    for (int number = 0; number < ids.length; number++) {
      ObservedTransaction transaction = transactions.get(number);
      if (transaction.outcome() == Outcome.COMMITTED) {
        lastWrites(transaction)
            .forEach((object, value) -> requireStored(transaction, object, value));
      }
    }
  }

  private void checkStored(ObjectId object, StoredVersion version) {
    Writer writer = writers.get(version.value());
    String what = "the store has " + version + " of " + object;
    if (writer == null || !writer.object().equals(object)) {
      report(Kind.UNEXPLAINED, what);
    } else if (!writer.last()) {
      report(Kind.INTERMEDIATE_READ, what + " of " + name(writer));
    } else if (ids[writer.transaction()].equals(TransactionId.NONE)) {
      report(Kind.ABORTED_READ, what + " of " + name(writer));
    } else if (!ids[writer.transaction()].equals(version.id())) {
      report(Kind.UNEXPLAINED, what + " of " + name(writer));
    }
  }

  private void requireStored(ObservedTransaction transaction, ObjectId object, long value) {
    if (!versions(object).contains(new StoredVersion(transaction.id(), value))) {
      report(Kind.LOST_COMMIT, transaction.name() + " wrote " + object);
    }
  }

  private void checkReads() {
    for (ObservedTransaction transaction : transactions) {
      for (Access read : transaction.reads()) {
        checkRead(transaction, read);
      }
    }
  }

  private void checkRead(ObservedTransaction transaction, Access read) {
    String what = transaction.name() + " read " + read;
    Writer writer = writers.get(read.value());
    if (writer == null || !writer.object().equals(read.object())) {
      report(Kind.UNEXPLAINED, what);
    } else if (transactions.get(writer.transaction()).outcome() == Outcome.ABORTED
        || ids[writer.transaction()].equals(TransactionId.NONE)) {
      report(Kind.ABORTED_READ, what + " of " + name(writer));
    } else if (!writer.last()) {
      report(Kind.INTERMEDIATE_READ, what + " of " + name(writer));
    } else if (!read.version().equals(ids[writer.transaction()])
        || place(read.object(), read.version()) < 0) {
      report(Kind.UNEXPLAINED, what + " of " + name(writer));
    }
  }

  private void checkRealTime() {
    TreeMap<Long, TransactionId> acknowledged = acknowledged();
    for (ObservedTransaction transaction : transactions) {
      Map.Entry<Long, TransactionId> before = acknowledged.lowerEntry(transaction.beganNanos());
      TransactionId newest = before == null ? TransactionId.NONE : before.getValue();
      if (transaction.base().compareTo(newest) < 0) {
        report(
            Kind.STALE_READ,
            transaction.name() + " began on " + transaction.base() + " after " + newest);
      }
      for (Access read : transaction.reads()) {
        TransactionId next = versionAfter(read);
        if (next != null && next.compareTo(newest) <= 0) {
          report(Kind.STALE_READ, transaction.name() + " read " + read + " after " + next);
        }
        boolean tooNew = read.version().compareTo(transaction.base()) > 0;
        boolean tooOld = next != null && next.compareTo(transaction.base()) <= 0;
        if (tooNew || tooOld) {
          report(
              Kind.OUTSIDE_SNAPSHOT,
              transaction.name() + " on " + transaction.base() + " read " + read);
        }
      }
    }
  }

  /** By time, the newest transaction of which somebody was told by then. */
  private TreeMap<Long, TransactionId> acknowledged() {
    List<ObservedTransaction> inTime =
        transactions.stream()
            .filter(transaction -> transaction.outcome() == Outcome.COMMITTED)
            .sorted(Comparator.comparingLong(ObservedTransaction::endedNanos))
            .toList();
    TreeMap<Long, TransactionId> newest = new TreeMap<>();
    TransactionId last = TransactionId.NONE;
    for (ObservedTransaction transaction : inTime) {
      last = transaction.id().compareTo(last) > 0 ? transaction.id() : last;
      newest.put(transaction.endedNanos(), last);
    }
    return newest;
  }

  private void checkCycles() {
    DependencyGraph writes = new DependencyGraph(ids.length);
    for (List<StoredVersion> order : versions.values()) {
      for (int at = 1; at < order.size(); at++) {
        writes.add(writerOf(order.get(at - 1).id()), writerOf(order.get(at).id()));
      }
    }
    reportCycles(Kind.WRITE_CYCLE, writes);
    // The same graph goes on: reads are added to it.
    for (int number = 0; number < ids.length; number++) {
      for (Access read : transactions.get(number).reads()) {
        writes.add(writerOf(read.version()), number);
      }
    }
    if (found.isEmpty()) {
      reportCycles(Kind.CIRCULAR_INFORMATION_FLOW, writes);
    }
    if (found.isEmpty()) {
      checkOverwrittenReads(writes);
    }
  }

  private void reportCycles(Kind kind, DependencyGraph graph) {
    for (List<Integer> part : graph.cyclicParts()) {
      report(kind, "among " + part.stream().map(at -> transactions.get(at).name()).toList());
    }
  }

  /** For each read that another one overwrote: must that one also come before the reader? */
  private void checkOverwrittenReads(DependencyGraph graph) {
    long[] rank = graph.ranks();
    for (int number = 0; number < ids.length; number++) {
      ObservedTransaction reader = transactions.get(number);
      Map<ObjectId, Long> wrote =
          ids[number].equals(TransactionId.NONE) ? Map.of() : lastWrites(reader);
      for (Access read : reader.reads()) {
        TransactionId next = versionAfter(read);
        if (next == null || next.equals(ids[number])) {
          continue;
        }
        int writer = writerOf(next);
        if (wrote.containsKey(read.object())) {
          report(
              Kind.LOST_UPDATE,
              reader.name() + " and " + transactions.get(writer).name() + " changed " + read);
        } else if (graph.reaches(writer, number, rank)) {
          report(
              Kind.READ_SKEW,
              reader.name() + " read " + read + " before " + transactions.get(writer).name());
        }
      }
    }
  }

  private int writerOf(TransactionId id) {
    return committed.get(id);
  }

  private List<StoredVersion> versions(ObjectId object) {
    return versions.getOrDefault(object, List.of());
  }

  private int place(ObjectId object, TransactionId version) {
    return places.getOrDefault(object, Map.of()).getOrDefault(version, -1);
  }

  /** The version that took the place of the one that was read; null if none did. */
  private @Nullable TransactionId versionAfter(Access read) {
    int next = place(read.object(), read.version()) + 1;
    List<StoredVersion> order = versions(read.object());
    return next < order.size() ? order.get(next).id() : null;
  }

  private String name(Writer writer) {
    return transactions.get(writer.transaction()).name();
  }

  private void report(Kind kind, String what) {
    found.add(new Anomaly(kind, what));
  }
}
