package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  /** Holds the first sync until told, so that others come to wait for the second. */
  private final class ScriptedSteps implements GroupCommit.Steps<Integer> {

    final List<String> done = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch firstSyncReached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private int syncs;

    @Override
    public CommitOutcome append(Integer request) throws IOException {
      if (request < 0) {
        throw new StoreException.NotCommitted("refused", null);
      }
      done.add("append " + request);
      return new CommitOutcome.Committed(new TransactionId(request));
    }

    @Override
    public void sync() throws IOException {
      syncs++;
      if (syncs == 1) {
        firstSyncReached.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      } else if (syncsFail) {
        throw new IOException("medium error");
      }
      done.add("sync");
    }

    @Override
    public void publish() {
      done.add("publish");
    }
  }

  private volatile boolean syncsFail;
  private final ScriptedSteps steps = new ScriptedSteps();
  private final GroupCommit<Integer> commits = new GroupCommit<>(steps);
  private final List<FutureTask<CommitOutcome>> clients = new ArrayList<>();

  @AfterEach
  void close() {
    commits.close();
  }

  @Test
  void oneSyncServesAllWhoWait() throws Exception {
    submitBehindAHeldSync(2, 3, 4);
    steps.goOn.countDown();
    for (FutureTask<CommitOutcome> client : clients) {
      client.get();
    }
    assertEquals(2, Collections.frequency(steps.done, "sync"));
    assertEquals(2, Collections.frequency(steps.done, "publish"));
    assertEquals("publish", steps.done.get(steps.done.size() - 1));
  }

  @Test
  void failedSyncFailsEveryWaiterAndEndsWriting() throws Exception {
    submitBehindAHeldSync(2, 3, 4);
    syncsFail = true;
    steps.goOn.countDown();
    assertEquals(new CommitOutcome.Committed(new TransactionId(1)), clients.get(0).get());
    for (FutureTask<CommitOutcome> client : clients.subList(1, 4)) {
      ExecutionException failure = assertThrows(ExecutionException.class, client::get);
      assertEquals(StoreException.WritingEnded.class, failure.getCause().getClass());
    }
    assertThrows(StoreException.WritingEnded.class, () -> commits.submit(5));
    assertEquals(1, Collections.frequency(steps.done, "publish"));
  }

  @Test
  void oneThatIsRefusedDoesNotHinderTheOthers() throws Exception {
    submitBehindAHeldSync(2, -3, 4);
    steps.goOn.countDown();
    ExecutionException failure = assertThrows(ExecutionException.class, clients.get(2)::get);
    assertEquals(StoreException.NotCommitted.class, failure.getCause().getClass());
    assertEquals(new CommitOutcome.Committed(new TransactionId(4)), clients.get(3).get());
  }

  @Test
  void aLoneCommitterCommitsInItsOwnThread() throws Exception {
    steps.goOn.countDown();
    Thread.currentThread().interrupt();
    assertEquals(new CommitOutcome.Committed(new TransactionId(1)), commits.submit(1));
    assertTrue(Thread.interrupted(), "it stays interrupted");
    assertEquals(List.of("append 1", "sync", "publish"), steps.done);
  }

  @Test
  void otherWorkIsDoneBetweenGroupsInTheOrderOfComing() throws Exception {
    submitBehindAHeldSync(2);
    FutureTask<Void> work =
        new FutureTask<>(
            () -> {
              commits.betweenCommits(() -> steps.done.add("work"));
              return null;
            });
    Thread worker = new Thread(work, "worker");
    worker.start();
    awaitParked(worker);
    awaitParked(submit(3));
    steps.goOn.countDown();
    work.get();
    for (FutureTask<CommitOutcome> client : clients) {
      client.get();
    }
    assertEquals(
        List.of(
            "append 1",
            "sync",
            "publish",
            "append 2",
            "sync",
            "publish",
            "work",
            "append 3",
            "sync",
            "publish"),
        steps.done);
  }

  @Test
  void whoDoesNotWaitIsToldByWhoeverLeads() throws Exception {
    submitBehindAHeldSync(2);
    CompletableFuture<CommitOutcome> third = commits.submitLater(3, true);
    CompletableFuture<CommitOutcome> refused = commits.submitLater(-4, false);
    steps.goOn.countDown();
    assertEquals(new CommitOutcome.Committed(new TransactionId(3)), third.get());
    ExecutionException failure = assertThrows(ExecutionException.class, refused::get);
    assertEquals(StoreException.NotCommitted.class, failure.getCause().getClass());
    assertEquals(2, Collections.frequency(steps.done, "sync"));
    assertEquals(
        new CommitOutcome.Committed(new TransactionId(5)), commits.submitLater(5, false).get());
    commits.close();
    assertThrows(IllegalStateException.class, () -> commits.submitLater(6, false));
  }

  @Test
  void whoDoesNotWaitMayCommitHimselfWhileNobodyDoes() throws Exception {
    steps.goOn.countDown();
    CompletableFuture<CommitOutcome> here = commits.submitLater(1, true);
    assertTrue(here.isDone());
    assertEquals(List.of("append 1", "sync", "publish"), steps.done);
    assertEquals(new CommitOutcome.Committed(new TransactionId(1)), here.get());
  }

  @Test
  void whoDoesNotWaitLeavesItToWhoeverCommits() throws Exception {
    submitBehindAHeldSync();
    CompletableFuture<CommitOutcome> later = commits.submitLater(2, true);
    steps.goOn.countDown();
    assertEquals(new CommitOutcome.Committed(new TransactionId(2)), later.get());
  }

  @Test
  void workThatFailsHindersNobody() throws Exception {
    steps.goOn.countDown();
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                commits.betweenCommits(
                    () -> {
                      throw new IOException("no room");
                    }));
    assertEquals("no room", failure.getMessage());
    assertEquals(new CommitOutcome.Committed(new TransactionId(1)), commits.submit(1));
  }

  @Test
  void closingFinishesWhatWaitsAndTakesNoMore() throws Exception {
    submitBehindAHeldSync(2);
    steps.goOn.countDown();
    commits.close();
    assertEquals(new CommitOutcome.Committed(new TransactionId(2)), clients.get(1).get());
    assertThrows(IllegalStateException.class, () -> commits.submit(3));
  }

  /** Request 1 is held in its sync; the others have all been handed over when this returns. */
  private void submitBehindAHeldSync(int... requests) throws InterruptedException {
    submit(1);
    steps.firstSyncReached.await();
    for (int request : requests) {
      awaitParked(submit(request));
    }
    assertTrue(steps.done.contains("append 1"));
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private Thread submit(int request) {
    FutureTask<CommitOutcome> task = new FutureTask<>(() -> commits.submit(request));
    clients.add(task);
    Thread thread = new Thread(task, "client " + request);
    thread.start();
    return thread;
  }
}
