package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Answers of requests that wait for others, so that later requests need not: given by whoever ends
 * the wait, or by a thread of their own.
 */
final class AsideAnswers {
  /** Of one client; a further one holds up what comes behind it. */
  private static final int MAX_UNDER_WAY = 16;

  private static final int FIRST_BYTES = 64;

  private final ClientSession session;
  private final IpcServer server;
  private final SessionAnswers answers;
  private final String client;
  private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);

  AsideAnswers(ClientSession session, IpcServer server, SessionAnswers answers, String client) {
    this.session = session;
    this.server = server;
    this.answers = answers;
    this.client = client;
  }

  /** What waits, and then puts its answer. */
  @FunctionalInterface
  interface Work {
    void run(FrameWriter answer) throws IOException, InterruptedException;
  }

  /** Puts what has come. */
  @FunctionalInterface
  interface Body<T> {
    void put(FrameWriter answer, T value);
  }

  /** What comes later. */
  @FunctionalInterface
  interface Later<T> {
    CompletableFuture<T> start();
  }

  /** Whether something waits. */
  boolean areUnderWay() {
    return underWay.availablePermits() < MAX_UNDER_WAY;
  }

  /**
   * Answers with what the future brings: at once if it is there, or in the thread that ends it;
   * that waits for nobody.
   *
   * @param together whether the answers that are ready wait for this one
   */
  <T> void answerLater(int request, Later<T> later, Body<T> body, boolean together)
      throws IOException {
    underWay.acquireUninterruptibly();
    CompletableFuture<T> outcome = later.start();
    boolean here = outcome.isDone();
    if (together && !here) {
      answers.leaveToNextWrite();
    }
    CompletableFuture<T> unused =
        outcome.whenComplete(
            (value, failure) -> {
              try {
                FrameWriter writer = here ? answers.writer() : new FrameWriter(FIRST_BYTES);
                put(writer, request, value, failure, body);
                if (!here) {
                  session.send(writer);
                }
              } finally {
                underWay.release();
              }
            });
  }

  private <T> void put(
      FrameWriter writer,
      int request,
      @Nullable T value,
      @Nullable Throwable failure,
      Body<T> body) {
    if (value != null) {
      writer.start(MessageType.DONE, request);
      body.put(writer, value);
      writer.end();
    } else {
      Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
      Exception told = why instanceof Exception exception ? exception : new IOException(why);
      IpcFailure.put(writer, request, IpcFailure.logged(told, client));
    }
  }

  /** Does something in a thread of its own, which answers when it is done. */
  void answer(int request, Work work) throws IOException {
    underWay.acquireUninterruptibly();
    try {
      server.runAside(
          () -> {
            try {
              run(request, work);
            } finally {
              underWay.release();
            }
          });
    } catch (RejectedExecutionException e) {
      underWay.release();
      throw new IpcException(IpcError.ENDING, "the server ends", e);
    }
  }

  private void run(int request, Work work) {
    FrameWriter writer = new FrameWriter(FIRST_BYTES);
    try {
      work.run(writer);
    } catch (IOException | RuntimeException e) {
      writer.clear();
      IpcFailure.put(writer, request, IpcFailure.logged(e, client));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      writer.clear();
      IpcFailure.put(writer, request, new IpcException(IpcError.ENDING, "the server ends", e));
    }
    session.send(writer);
  }
}
