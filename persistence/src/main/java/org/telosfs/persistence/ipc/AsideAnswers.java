package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Answers of requests that wait for others: each in a thread of its own, when it is done. */
final class AsideAnswers {
  private static final System.Logger LOG = System.getLogger(AsideAnswers.class.getName());

  /** Of one client; a further one holds up what comes behind it. */
  private static final int MAX_UNDER_WAY = 16;

  private final IpcServer server;
  private final SessionOutput output;
  private final String client;
  private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);

  AsideAnswers(IpcServer server, SessionOutput output, String client) {
    this.server = server;
    this.output = output;
    this.client = client;
  }

  /** What waits, and then puts its answer. */
  @FunctionalInterface
  interface Work {
    void run(FrameWriter answer) throws IOException, InterruptedException;
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
    FrameWriter writer = new FrameWriter(WireFormat.HEADER_BYTES + 2 * Long.BYTES);
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
    try {
      output.write(writer.frames());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0} left before an answer", client);
    }
  }
}
