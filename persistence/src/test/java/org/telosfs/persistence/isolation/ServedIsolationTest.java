package org.telosfs.persistence.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreCheck;
import org.telosfs.persistence.ipc.RemoteObjectStore;
import org.telosfs.persistence.ipc.ServerProcess;
import org.telosfs.persistence.isolation.ObservedTransaction.Outcome;

/**
 * Clients over a socket, whose server is killed and started again and whose connections are cut,
 * while the others are in the middle of whatever they do: the history is snapshot isolated, what
 * was acknowledged is stored, and what was in doubt is stored wholly or not at all.
 */
class ServedIsolationTest {

  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int CLIENTS = 16;
  private static final int TRANSACTIONS = LONG ? 120_000 : 2_000;
  private static final int KILLS = LONG ? 200 : 3;
  private static final int CUTS = LONG ? 2_000 : 40;
  private static final int OBJECTS = 40;
  private static final long SEED = 11;

  @TempDir private Path directory;

  @Test
  void whatClientsSawIsSnapshotIsolatedWhateverIsKilledAndCut() throws Exception {
    try (ServerProcess server = new ServerProcess(directory);
        Disturbed disturbed = new Disturbed(server)) {
      IsolationWorkload.History history =
          IsolationWorkload.run(
              disturbed, new IsolationWorkload.Plan(CLIENTS, TRANSACTIONS, OBJECTS, SEED));
      assertEquals(List.of(), history.anomalies(), "seed " + SEED);
      assertEquals(KILLS, disturbed.kills.get());
      assertTrue(disturbed.cuts.get() > CUTS / 2, disturbed.cuts.get() + " cuts");
      long committed = history.count(Outcome.COMMITTED);
      assertTrue(committed > TRANSACTIONS / 10, committed + " commits");
      System.getLogger(ServedIsolationTest.class.getName())
          .log(
              System.Logger.Level.INFO,
              "{0} transactions, {1} committed, {2} in doubt, {3} kills, {4} cuts",
              history.transactions().size(),
              committed,
              history.count(Outcome.UNKNOWN),
              disturbed.kills,
              disturbed.cuts);
    }
  }

  /** Each client's connection is his own, and not safe. */
  private static final class Disturbed implements IsolationWorkload.Connections, AutoCloseable {

    private final ServerProcess server;
    private final AtomicReferenceArray<RemoteObjectStore> clients =
        new AtomicReferenceArray<>(CLIENTS);
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    Disturbed(ServerProcess server) {
      this.server = server;
    }

    /** A client connects again by himself. */
    @Override
    public ObjectStore connect(int client) throws IOException {
      if (clients.get(client) == null) {
        clients.set(client, server.connect());
      }
      return clients.get(client);
    }

    @Override
    public void ended(int left) throws IOException {
      if (left > 0 && left % (TRANSACTIONS / (KILLS + 1)) == 0 && kills.get() < KILLS) {
        killAndStartAgain();
      } else if (left % (TRANSACTIONS / CUTS) == 1) {
        RemoteObjectStore victim = clients.get(new Random(SEED + left).nextInt(CLIENTS));
        if (victim != null) {
          ServerProcess.cut(victim);
          cuts.incrementAndGet();
        }
      }
    }

    private synchronized void killAndStartAgain() throws IOException {
      server.kill();
      String state = "kill " + kills.incrementAndGet();
      assertEquals(List.of(), StoreCheck.run(server.medium()).damages(), state);
      server.startAgain();
    }

    @Override
    public void close() {
      for (int client = 0; client < CLIENTS; client++) {
        RemoteObjectStore store = clients.get(client);
        if (store != null) {
          store.close();
        }
      }
    }
  }
}
