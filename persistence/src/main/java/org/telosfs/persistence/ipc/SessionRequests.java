package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.TransactionId;

/**
 * Gives each of a client's requests to whom it concerns. Called by the session's thread; what waits
 * for others, such as a commit, answers in a thread of its own.
 */
final class SessionRequests {
  private static final System.Logger LOG = System.getLogger(SessionRequests.class.getName());
  private static final int NOTICE_BYTES = 256;

  /** Who does not wait for an answer has sent the next request by then. */
  private static final long PIPELINE_NANOS = 20_000;

  private final ClientSession session;
  private final AsideAnswers aside;

  /**
   * To say nothing while a commit is under way: then this thread may wait for the commit itself,
   * and what is answered before it may wait to be sent with the commit's answer.
   */
  private final Habit quietDuringCommit = new Habit();

  /** To send more at once after BEGIN, so that its answer need not be sent by itself. */
  private final Habit moreAfterBegin = new Habit();

  private final IpcServer server;
  private final Admission.Admitted admitted;
  private final SessionAnswers answers;
  private final SessionViews views;
  private final ReadRequests reads;
  private final TransactionRequests transactions;
  private final HistoryRequests history;
  private final BlobRequests blobs;

  SessionRequests(
      ClientSession session, IpcServer server, Admission.Admitted admitted, SessionOutput output) {
    this.session = session;
    this.server = server;
    this.admitted = admitted;
    this.answers = new SessionAnswers(output);
    this.views = new SessionViews(admitted.store(), server.limits(), admitted.name());
    this.aside = new AsideAnswers(session, server, answers, admitted.name());
    this.reads = new ReadRequests(views, answers);
    this.transactions =
        new TransactionRequests(views, answers, aside, server.commitIds(), server.limits());
    this.history = new HistoryRequests(admitted.store(), answers, aside);
    this.blobs =
        new BlobRequests(admitted.store(), views, answers, server.limits(), admitted.name());
  }

  /** Answers a request; its answer is written at the latest when no further request is here. */
  void handle(FrameReader reader) throws IOException {
    int request = reader.request();
    ByteBuffer body = reader.body();
    MessageType type = MessageType.ofCode(reader.type());
    try {
      if (type == null) {
        throw new IpcException(IpcError.UNKNOWN_REQUEST, "there is no request " + reader.type());
      }
      if (aside.areUnderWay()) {
        quietDuringCommit.isBroken();
      }
      if (type == MessageType.COMMIT) {
        commit(request, body, reader.hasMore());
      } else {
        dispatch(type, request, body);
      }
    } catch (IpcException e) {
      if (e.error().endsConnection()) {
        throw e;
      }
      fail(request, type, body, e);
    } catch (IOException | RuntimeException e) {
      fail(request, type, body, e);
    }
    answers.writeUnless(reader.hasMore() || (type == MessageType.BEGIN && moreComesSoon()));
  }

  private boolean moreComesSoon() throws IOException {
    if (!moreAfterBegin.isExpected()) {
      return false;
    }
    boolean more = session.hasMoreWithin(PIPELINE_NANOS);
    if (!more) {
      moreAfterBegin.isBroken();
    }
    return more;
  }

  private void fail(int request, @Nullable MessageType type, ByteBuffer body, Exception failure) {
    answers.fail(request, IpcFailure.logged(failure, admitted.name()));
    if (type != null && type.changesTransaction() && body.capacity() >= Integer.BYTES) {
      views.failed(body.getInt(0));
    }
  }

  private void dispatch(MessageType type, int request, ByteBuffer body) throws IOException {
    switch (type) {
      case PING -> ping(request, body);
      case OPEN -> open(request, body);
      case BEGIN -> begin(request, body);
      case CLOSE -> close(body);
      case GET -> reads.get(request, body);
      case PREFETCH -> reads.prefetch(request, body);
      case CHANGED_BY -> reads.changedBy(request, body);
      case IDS -> reads.ids(request, body);
      case ROOTS -> reads.roots(request, body);
      case PUT -> transactions.put(request, body);
      case DELETE -> transactions.delete(request, body);
      case SET_ROOTS -> transactions.setRoots(request, body);
      case READ_CURRENT -> transactions.readCurrent(request, body);
      case SAVEPOINT -> transactions.savepoint(request, body);
      case ROLLBACK -> transactions.rollback(request, body);
      case OUTCOME -> transactions.outcome(request, body);
      case UNDO -> history.undo(request, body);
      case NEW_IDS -> history.newIds(request, body);
      case HISTORY -> history.history(request, body);
      case REVISION -> history.revision(request, body);
      case TRANSACTION_IDS -> history.transactionIds(request, body);
      case TRANSACTIONS -> history.transactions(request, body);
      case STATS -> history.stats(request, body);
      case SUBSCRIBE -> subscribe(request, body);
      case SEEN -> seen(body);
      case BLOB_BEGIN -> blobs.begin(request, body);
      case BLOB_WRITE -> blobs.write(request, body);
      case BLOB_FINISH -> blobs.finish(request, body);
      case BLOB_OPEN -> blobs.open(request, body);
      case BLOB_OPEN_REVISION -> blobs.openRevision(request, body);
      case BLOB_READ -> blobs.read(request, body);
      case BLOB_CLOSE -> blobs.close(request, body);
      case COMMIT, HELLO, DONE, FAILED, COMMITTED ->
          throw MessageCodec.malformed("a client does not send " + type);
    }
  }

  private void ping(int request, ByteBuffer body) throws IpcException {
    if (body.remaining() > WireFormat.MAX_PING_BYTES) {
      throw MessageCodec.malformed("an empty call of " + body.remaining() + " bytes");
    }
    answers.start(request).putBytes(MessageCodec.getBytes(body, body.remaining())).end();
  }

  private void open(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    TransactionId id = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    opened(request, views.openSnapshot(number, id));
  }

  private void begin(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    opened(request, views.openTransaction(number));
  }

  private void opened(int request, TransactionId base) throws IOException {
    if (session.isSubscribed()) {
      awaitTold(base);
    }
    answers.start(request).putLong(base.epochNanos()).end();
  }

  /**
   * Waits for the commit here if the client seems to do the same. One that is told of commits never
   * does: this thread reads that he has seen them.
   */
  private void commit(int request, ByteBuffer body, boolean moreRequests) throws IOException {
    boolean wait = !moreRequests && !session.isSubscribed() && quietDuringCommit.isExpected();
    transactions.commit(request, body, wait);
    if (wait && session.hasMoreWithin(0)) {
      quietDuringCommit.isBroken();
    }
  }

  /** A client that keeps a cache sees no state before the notices of what led to it. */
  private void awaitTold(TransactionId base) throws IOException {
    try {
      server.feed().awaitTold(base);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IpcException(IpcError.ENDING, "the server ends", e);
    }
  }

  /** Not answered, so that a client need not wait for it. */
  private void close(ByteBuffer body) throws IpcException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    views.close(number);
  }

  private void subscribe(int request, ByteBuffer body) throws IOException {
    MessageCodec.requireEnd(body);
    answers.start(request).putLong(session.subscribe().epochNanos()).end();
  }

  private void seen(ByteBuffer body) throws IOException {
    session.seen(MessageCodec.getTransactionId(body));
    MessageCodec.requireEnd(body);
  }

  /** The frame that tells the client of a commit; null if he is not to know. */
  @Nullable FrameWriter notice(CommittedTransaction transaction) {
    try {
      Optional<CommittedTransaction> visible = admitted.visible(transaction);
      if (visible.isEmpty()) {
        return null;
      }
      FrameWriter writer = new FrameWriter(NOTICE_BYTES);
      writer.start(MessageType.COMMITTED, 0);
      MessageCodec.putTransaction(writer, CommitIds.withoutNumber(visible.get()));
      writer.end();
      return writer;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "what " + admitted.name() + " may see is unknown", e);
      session.condemn(IpcError.MEDIUM, "what the client may see cannot be told");
      return null;
    }
  }

  boolean isAdmitted() {
    return admitted.isValid();
  }

  void endIdleTransactions() {
    views.endIdle();
    blobs.endIdle();
  }

  /** Aborts what the client left open. */
  void close() {
    views.closeAll();
    blobs.closeAll();
    admitted.close();
  }
}
