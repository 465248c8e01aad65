package org.telosfs.persistence.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.isolation.ObservedTransaction.Access;
import org.telosfs.persistence.isolation.ObservedTransaction.Outcome;

/**
 * Clients that read and write the same few objects at the same time, and write down what they see.
 * A client whose connection fails connects again and goes on; a commit that was under way then is
 * in doubt.
 */
public final class IsolationWorkload {

  private static final int STATE_PADDING = 80;
  private static final int HOT_OBJECTS = 4;

  private final Connections connections;
  private final Plan plan;
  private final AtomicInteger left;
  private final AtomicLong values = new AtomicLong();
  private final ConcurrentLinkedQueue<ObservedTransaction> observed = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile List<ObjectId> objects = List.of();

  /**
   * @param clients threads, each with a connection of its own
   * @param transactions of all of them together
   * @param objects few, so that they meet
   */
  public record Plan(int clients, int transactions, int objects, long seed) {}

  /** Gives a client a store; again when the one it had has failed, after waiting if it must. */
  @FunctionalInterface
  public interface Connections {
    ObjectStore connect(int client) throws IOException;

    /** A client has ended a transaction, so many are left; the client goes on when this returns. */
    default void ended(int left) throws IOException {}
  }

  /** What happened, for {@link IsolationChecker#check}. */
  public record History(
      List<ObservedTransaction> transactions, Map<ObjectId, List<StoredVersion>> versions) {

    public List<Anomaly> anomalies() {
      return IsolationChecker.check(transactions, versions);
    }

    public long count(Outcome outcome) {
      return transactions.stream().filter(transaction -> transaction.outcome() == outcome).count();
    }
  }

  private IsolationWorkload(Connections connections, Plan plan) {
    this.connections = connections;
    this.plan = plan;
    this.left = new AtomicInteger(plan.transactions());
  }

  /** Runs all of it and asks the store what it has in the end. */
  public static History run(Connections connections, Plan plan)
      throws IOException, InterruptedException {
    IsolationWorkload workload = new IsolationWorkload(connections, plan);
    workload.createObjects();
    workload.runClients();
    List<ObservedTransaction> inTime = new ArrayList<>(workload.observed);
    inTime.sort(Comparator.comparingLong(ObservedTransaction::beganNanos));
    return new History(inTime, workload.versions());
  }

  private void createObjects() throws IOException {
    ObjectStore store = connections.connect(0);
    objects = store.newIds(plan.objects());
    Client creator = new Client("creator", 0, store);
    creator.transact(
        transaction -> {
          for (ObjectId object : objects) {
            creator.write(transaction, object);
          }
          return true;
        });
  }

  private void runClients() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < plan.clients(); number++) {
      int client = number;
      threads.add(new Thread(() -> runClient(client), "client-" + number));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("a client failed", failures.peek());
    }
  }

  private void runClient(int number) {
    try {
      Client client = new Client("client " + number, number, connections.connect(number));
      int others = left.getAndDecrement();
      for (int turn = 0; others > 0; turn++) {
        client.name = "client " + number + " transaction " + turn;
        client.transact(client::act);
        connections.ended(others - 1);
        others = left.getAndDecrement();
      }
    } catch (IOException | RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private Map<ObjectId, List<StoredVersion>> versions() throws IOException {
    ObjectStore store = connections.connect(0);
    Map<ObjectId, List<StoredVersion>> versions = new LinkedHashMap<>();
    for (ObjectId object : objects) {
      List<TransactionId> history = new ArrayList<>(store.history(object));
      Collections.reverse(history);
      List<StoredVersion> order = new ArrayList<>();
      for (TransactionId id : history) {
        order.add(new StoredVersion(id, value(store.revision(object, id).orElseThrow())));
      }
      versions.put(object, order);
    }
    return versions;
  }

  private static long value(Revision revision) {
    return revision.state().asByteBuffer().getLong();
  }

  /** Whether to commit. */
  private interface Script {
    boolean run(StoreTransaction transaction) throws IOException;
  }

  /** One client, on one thread, and its transaction. */
  private final class Client {

    private final int number;
    private final Random random;
    private ObjectStore store;
    private String name;
    private final List<Access> reads = new ArrayList<>();
    private final List<Access> writes = new ArrayList<>();
    private final List<Access> rolledBack = new ArrayList<>();

    Client(String name, int number, ObjectStore store) {
      this.name = name;
      this.number = number;
      this.random = new Random(plan.seed() * 1_000_003 + number);
      this.store = store;
    }

    void transact(Script script) throws IOException {
      reads.clear();
      writes.clear();
      rolledBack.clear();
      long began = System.nanoTime();
      TransactionId base = null;
      boolean committing = false;
      Outcome outcome = Outcome.ABORTED;
      TransactionId id = TransactionId.NONE;
      long ended;
      try (StoreTransaction transaction = store.begin()) {
        base = transaction.base();
        if (script.run(transaction)) {
          committing = true;
          if (transaction.commit(TransactionMetadata.of(name, ""))
              instanceof CommitOutcome.Committed committed) {
            outcome = Outcome.COMMITTED;
            id = committed.id();
          }
        }
        ended = System.nanoTime();
      } catch (StoreException.NotCommitted refused) {
        ended = System.nanoTime();
      } catch (IOException | UncheckedIOException lost) {
        ended = Long.MAX_VALUE;
        outcome = committing ? Outcome.UNKNOWN : Outcome.ABORTED;
        store = connections.connect(number);
      }
      if (base != null) {
        observed.add(
            new ObservedTransaction(
                name, began, ended, base, reads, writes, rolledBack, outcome, id));
      }
    }

    boolean act(StoreTransaction transaction) throws IOException {
      List<ObjectId> chosen = choose(1 + random.nextInt(5));
      read(transaction, chosen);
      boolean onlyReads = random.nextInt(6) == 0;
      for (ObjectId object : chosen) {
        if (!onlyReads && random.nextInt(5) < 3) {
          write(transaction, object);
        }
      }
      if (random.nextInt(8) == 0) {
        writeAndTakeBack(transaction);
      }
      if (random.nextInt(4) == 0) {
        read(transaction, choose(2));
      }
      if (!onlyReads && random.nextInt(6) == 0) {
        write(transaction, choose(1).get(0));
      }
      if (random.nextInt(8) == 0) {
        transaction.readCurrent(chosen);
      }
      return random.nextInt(20) != 0;
    }

    private List<ObjectId> choose(int count) {
      List<ObjectId> chosen = new ArrayList<>();
      while (chosen.size() < count) {
        int bound = random.nextInt(3) == 0 ? HOT_OBJECTS : objects.size();
        ObjectId object = objects.get(random.nextInt(Math.min(bound, objects.size())));
        if (!chosen.contains(object)) {
          chosen.add(object);
        }
      }
      return chosen;
    }

    private void read(StoreTransaction transaction, List<ObjectId> chosen) throws IOException {
      Map<ObjectId, Revision> found = transaction.get(chosen);
      for (ObjectId object : chosen) {
        Revision revision = found.get(object);
        if (revision == null) {
          throw new AssertionError(name + " does not find " + object);
        }
        if (revision.transaction().equals(TransactionId.NONE)) {
          requireOwn(object, value(revision));
        } else {
          reads.add(new Access(object, value(revision), revision.transaction()));
        }
      }
    }

    private void requireOwn(ObjectId object, long value) {
      for (int at = writes.size() - 1; at >= 0; at--) {
        if (writes.get(at).object().equals(object)) {
          if (writes.get(at).value() != value) {
            throw new AssertionError(name + " does not see its own " + writes.get(at));
          }
          return;
        }
      }
      throw new AssertionError(name + " sees as its own what it never wrote: " + object);
    }

    void write(StoreTransaction transaction, ObjectId object) throws IOException {
      long value = values.incrementAndGet();
      byte[] state = new byte[Long.BYTES + random.nextInt(STATE_PADDING)];
      ByteBuffer.wrap(state).putLong(value);
      transaction.put(new ObjectPut(object, ByteString.copyOf(state), List.of()));
      writes.add(new Access(object, value, TransactionId.NONE));
    }

    private void writeAndTakeBack(StoreTransaction transaction) throws IOException {
      Savepoint savepoint = transaction.savepoint();
      int before = writes.size();
      for (ObjectId object : choose(2)) {
        write(transaction, object);
      }
      savepoint.rollback();
      List<Access> since = writes.subList(before, writes.size());
      rolledBack.addAll(since);
      since.clear();
    }
  }
}
