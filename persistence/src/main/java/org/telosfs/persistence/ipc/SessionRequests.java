package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.UndoOutcome;

/**
 * What a client's requests do. Called by the session's thread; commits answer in threads of their
 * own.
 */
final class SessionRequests {
  private static final System.Logger LOG = System.getLogger(SessionRequests.class.getName());

  /** Finished frames are written when they are this many bytes. */
  private static final int WRITE_BYTES = 96 * 1024;

  private static final int ANSWER_BYTES = 128 * 1024;

  /** Objects are taken from the store in batches like this, so that few are in memory at once. */
  private static final int BATCH_OBJECTS = 64;

  /** No more ids, transactions or new ids are told in one answer. */
  private static final int MAX_LISTED = 1 << 16;

  private static final int MAX_TRANSACTIONS = 1024;

  /** Commits of one client that are under way; a further one holds up what comes behind it. */
  private static final int MAX_COMMITS_ASIDE = 16;

  private final ClientSession session;
  private final IpcServer server;
  private final Admission.Admitted admitted;
  private final ObjectStore store;
  private final SessionOutput output;
  private final FrameWriter answer = new FrameWriter(ANSWER_BYTES);
  private final Map<Integer, View> views = new ConcurrentHashMap<>();
  private final Semaphore commitsAside = new Semaphore(MAX_COMMITS_ASIDE);

  SessionRequests(
      ClientSession session, IpcServer server, Admission.Admitted admitted, SessionOutput output) {
    this.session = session;
    this.server = server;
    this.admitted = admitted;
    this.store = admitted.store();
    this.output = output;
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
      dispatch(type, request, body);
    } catch (IpcException e) {
      if (e.error().endsConnection()) {
        throw e;
      }
      fail(request, type, body, e);
    } catch (IOException | RuntimeException e) {
      fail(request, type, body, e);
    }
    if (answer.bytes() > 0 && (!reader.hasMore() || answer.bytes() > WRITE_BYTES)) {
      write();
    }
  }

  private void write() throws IOException {
    output.write(answer.frames());
    answer.clear();
  }

  private void fail(int request, @Nullable MessageType type, ByteBuffer body, Exception failure) {
    answer.abandon();
    IpcFailure.put(answer, request, logged(failure));
    boolean changes =
        type == MessageType.PUT
            || type == MessageType.DELETE
            || type == MessageType.SET_ROOTS
            || type == MessageType.READ_CURRENT
            || type == MessageType.ROLLBACK;
    if (changes && body.capacity() >= Integer.BYTES) {
      View view = views.get(body.getInt(0));
      if (view != null) {
        view.fail();
      }
    }
  }

  private Exception logged(Exception failure) {
    switch (IpcFailure.errorOf(failure)) {
      case INTERNAL, MEDIUM, DAMAGED ->
          LOG.log(
              System.Logger.Level.ERROR, "a request of " + admitted.name() + " failed", failure);
      case TRANSACTION_TOO_LARGE, TOO_MANY_VIEWS, QUOTA, FORBIDDEN ->
          LOG.log(System.Logger.Level.WARNING, "{0}: {1}", admitted.name(), failure.getMessage());
      default ->
          LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", admitted.name(), failure.getMessage());
    }
    return failure;
  }

  private void dispatch(MessageType type, int request, ByteBuffer body) throws IOException {
    switch (type) {
      case PING -> ping(request, body);
      case OPEN -> open(request, body);
      case BEGIN -> begin(request, body);
      case CLOSE -> close(body);
      case GET -> get(request, body);
      case CHANGED_BY -> changedBy(request, body);
      case IDS -> ids(request, body);
      case ROOTS -> roots(request, body);
      case PUT -> put(request, body);
      case DELETE -> delete(request, body);
      case SET_ROOTS -> setRoots(request, body);
      case READ_CURRENT -> readCurrent(request, body);
      case SAVEPOINT -> savepoint(request, body);
      case ROLLBACK -> rollback(request, body);
      case COMMIT -> commit(request, body);
      case UNDO -> undo(request, body);
      case OUTCOME -> outcome(request, body);
      case NEW_IDS -> newIds(request, body);
      case HISTORY -> history(request, body);
      case REVISION -> revision(request, body);
      case TRANSACTION_IDS -> transactionIds(request, body);
      case TRANSACTIONS -> transactions(request, body);
      case STATS -> stats(request, body);
      case SUBSCRIBE -> subscribe(request, body);
      case SEEN -> seen(body);
      case HELLO, DONE, FAILED, COMMITTED ->
          throw MessageCodec.malformed("a client does not send " + type);
    }
  }

  private void done(int request) {
    answer.start(MessageType.DONE, request).end();
  }

  private void ping(int request, ByteBuffer body) throws IpcException {
    if (body.remaining() > WireFormat.MAX_PING_BYTES) {
      throw MessageCodec.malformed("an empty call of " + body.remaining() + " bytes");
    }
    answer
        .start(MessageType.DONE, request)
        .putBytes(MessageCodec.getBytes(body, body.remaining()))
        .end();
  }

  private void open(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    TransactionId id = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    requireFree(number);
    StoreSnapshot snapshot = id.epochNanos() == WireFormat.NEWEST ? store.snapshot() : store.at(id);
    views.put(number, new View(snapshot));
    opened(request, snapshot.transaction());
  }

  private void begin(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    requireFree(number);
    StoreTransaction transaction = store.begin();
    views.put(number, new View(transaction));
    opened(request, transaction.base());
  }

  private void opened(int request, TransactionId base) throws IOException {
    if (session.isSubscribed()) {
      awaitTold(base);
    }
    answer.start(MessageType.DONE, request).putLong(base.epochNanos()).end();
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

  private void requireFree(int number) throws IpcException {
    if (number == WireFormat.NEWEST_VIEW || views.containsKey(number)) {
      throw new IpcException(IpcError.INVALID, "view " + number + " is taken");
    }
    if (views.size() >= server.limits().maxViews()) {
      throw new IpcException(
          IpcError.TOO_MANY_VIEWS,
          "more than " + server.limits().maxViews() + " snapshots and transactions are open");
    }
  }

  private View view(int number) throws IpcException {
    View view = views.get(number);
    if (view == null) {
      throw new IpcException(
          IpcError.NO_SUCH_VIEW,
          "there is no snapshot or transaction "
              + number
              + "; one that is idle for "
              + server.limits().transactionIdle()
              + " is ended");
    }
    view.used();
    return view;
  }

  private View transaction(ByteBuffer body) throws IpcException {
    View view = view(MessageCodec.getInt(body));
    view.transaction();
    return view;
  }

  /** Not answered, so that a client need not wait for it. */
  private void close(ByteBuffer body) throws IpcException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    View view = views.remove(number);
    if (view != null) {
      view.close();
    }
  }

  /** Something that is asked of a snapshot or a transaction. */
  private interface Question<T> {
    T ask(@Nullable StoreSnapshot snapshot, @Nullable StoreTransaction transaction)
        throws IOException;
  }

  private <T> T ask(int number, Question<T> question) throws IOException {
    if (number == WireFormat.NEWEST_VIEW) {
      try (StoreSnapshot newest = store.snapshot()) {
        return question.ask(newest, null);
      }
    }
    View view = view(number);
    synchronized (view) {
      return view.isTransaction()
          ? question.ask(null, view.transaction())
          : question.ask(view.snapshot(), null);
    }
  }

  private void get(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    ListAnswer list = new ListAnswer(request);
    ask(
        number,
        (snapshot, transaction) -> {
          for (int first = 0; first < ids.size(); first += BATCH_OBJECTS) {
            List<ObjectId> batch = ids.subList(first, Math.min(ids.size(), first + BATCH_OBJECTS));
            Map<ObjectId, Revision> found =
                snapshot == null ? require(transaction).get(batch) : snapshot.get(batch);
            for (Revision revision : found.values()) {
              list.next(MessageCodec.sizeBytes(revision));
              MessageCodec.putRevision(answer, revision);
            }
          }
          return list;
        });
    list.end();
  }

  private static StoreTransaction require(@Nullable StoreTransaction transaction) {
    if (transaction == null) {
      throw new IllegalStateException("the transaction has ended");
    }
    return transaction;
  }

  private static StoreSnapshot requireSnapshot(@Nullable StoreSnapshot snapshot)
      throws IpcException {
    if (snapshot == null) {
      throw new IpcException(IpcError.INVALID, "that is asked of a snapshot");
    }
    return snapshot;
  }

  private void changedBy(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    Map<ObjectId, TransactionId> found =
        ask(number, (snapshot, transaction) -> requireSnapshot(snapshot).changedBy(ids));
    ListAnswer list = new ListAnswer(request);
    for (Map.Entry<ObjectId, TransactionId> each : found.entrySet()) {
      list.next(2 * Long.BYTES);
      answer.putLong(each.getKey().value()).putLong(each.getValue().epochNanos());
    }
    list.end();
  }

  private void ids(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    ObjectId first = MessageCodec.getObjectId(body);
    int limit = Math.min(MAX_LISTED, MessageCodec.getInt(body));
    MessageCodec.requireEnd(body);
    objectIds(
        request,
        ask(number, (snapshot, transaction) -> requireSnapshot(snapshot).ids(first, limit)));
  }

  private void objectIds(int request, Collection<ObjectId> ids) throws IOException {
    ListAnswer list = new ListAnswer(request);
    for (ObjectId id : ids) {
      list.next(Long.BYTES);
      answer.putLong(id.value());
    }
    list.end();
  }

  private void roots(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    SortedMap<String, ObjectId> roots =
        ask(
            number,
            (snapshot, transaction) ->
                snapshot == null ? require(transaction).roots() : snapshot.roots());
    SortedMap<String, Optional<ObjectId>> told = new TreeMap<>();
    roots.forEach((name, id) -> told.put(name, Optional.of(id)));
    answer.start(MessageType.DONE, request);
    MessageCodec.putRoots(answer, told);
    answer.end();
  }

  private void put(int request, ByteBuffer body) throws IOException {
    long bytes = body.remaining();
    View view = transaction(body);
    int count = MessageCodec.getCount(body, Long.BYTES + 2 * Integer.BYTES);
    List<ObjectPut> puts = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      puts.add(MessageCodec.getObject(body));
    }
    MessageCodec.requireEnd(body);
    view.hold(bytes, server.limits().maxTransactionBytes());
    synchronized (view) {
      view.transaction().put(puts);
    }
    done(request);
  }

  private void delete(int request, ByteBuffer body) throws IOException {
    View view = transaction(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    view.hold((long) Long.BYTES * ids.size(), server.limits().maxTransactionBytes());
    synchronized (view) {
      view.transaction().delete(ids);
    }
    done(request);
  }

  private void setRoots(int request, ByteBuffer body) throws IOException {
    long bytes = body.remaining();
    View view = transaction(body);
    SortedMap<String, Optional<ObjectId>> roots = MessageCodec.getRoots(body);
    MessageCodec.requireEnd(body);
    view.hold(bytes, server.limits().maxTransactionBytes());
    synchronized (view) {
      StoreTransaction transaction = view.transaction();
      for (Map.Entry<String, Optional<ObjectId>> root : roots.entrySet()) {
        if (root.getValue().isPresent()) {
          transaction.setRoot(root.getKey(), root.getValue().get());
        } else {
          transaction.removeRoot(root.getKey());
        }
      }
    }
    done(request);
  }

  private void readCurrent(int request, ByteBuffer body) throws IOException {
    View view = transaction(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    view.hold((long) Long.BYTES * ids.size(), server.limits().maxTransactionBytes());
    synchronized (view) {
      view.transaction().readCurrent(ids);
    }
    done(request);
  }

  private void savepoint(int request, ByteBuffer body) throws IOException {
    View view = transaction(body);
    MessageCodec.requireEnd(body);
    view.hold(Long.BYTES, server.limits().maxTransactionBytes());
    int number;
    synchronized (view) {
      number = view.add(view.transaction().savepoint());
    }
    answer.start(MessageType.DONE, request).putInt(number).end();
  }

  private void rollback(int request, ByteBuffer body) throws IOException {
    View view = transaction(body);
    Savepoint savepoint = view.savepoint(MessageCodec.getInt(body));
    MessageCodec.requireEnd(body);
    if (savepoint == null) {
      throw new IpcException(IpcError.INVALID, "there is no such savepoint");
    }
    synchronized (view) {
      savepoint.rollback();
    }
    done(request);
  }

  private void commit(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    View view = view(number);
    view.transaction();
    ByteString id = ByteString.copyOf(MessageCodec.getBytes(body, WireFormat.COMMIT_ID_BYTES));
    boolean onlyIfNothingFailed = MessageCodec.getByte(body) != 0;
    TransactionMetadata metadata = MessageCodec.getMetadata(body);
    MessageCodec.requireEnd(body);
    views.remove(number);
    if (onlyIfNothingFailed && view.hasFailed()) {
      view.close();
      throw new IpcException(
          IpcError.TRANSACTION_FAILED, "a request of the transaction failed before");
    }
    aside(
        request,
        writer -> {
          try (StoreTransaction transaction = view.transaction()) {
            TransactionMetadata said = server.commitIds().start(id, metadata);
            try {
              CommitOutcome outcome = transaction.commit(said);
              writer.start(MessageType.DONE, request);
              MessageCodec.putOutcome(writer, outcome);
              writer.end();
            } finally {
              server.commitIds().finish(id);
            }
          } finally {
            view.close();
          }
        });
  }

  private void undo(int request, ByteBuffer body) throws IOException {
    List<TransactionId> transactions = MessageCodec.getTransactionIds(body);
    TransactionMetadata metadata = MessageCodec.getMetadata(body);
    MessageCodec.requireEnd(body);
    aside(
        request,
        writer -> {
          UndoOutcome outcome = store.undo(transactions, metadata);
          writer.start(MessageType.DONE, request);
          MessageCodec.putUndo(writer, outcome);
          writer.end();
        });
  }

  /** What waits, and then answers. */
  private interface Aside {
    void run(FrameWriter writer) throws IOException, InterruptedException;
  }

  /** Does something in a thread of its own, which answers when it is done. */
  private void aside(int request, Aside work) throws IOException {
    commitsAside.acquireUninterruptibly();
    try {
      server.runAside(
          () -> {
            try {
              answerAside(request, work);
            } finally {
              commitsAside.release();
            }
          });
    } catch (RejectedExecutionException e) {
      commitsAside.release();
      throw new IpcException(IpcError.ENDING, "the server ends", e);
    }
  }

  private void answerAside(int request, Aside work) {
    FrameWriter writer = new FrameWriter(WireFormat.HEADER_BYTES + 2 * Long.BYTES);
    try {
      work.run(writer);
    } catch (IOException | RuntimeException e) {
      writer.clear();
      IpcFailure.put(writer, request, logged(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      writer.clear();
      IpcFailure.put(writer, request, new IpcException(IpcError.ENDING, "the server ends", e));
    }
    try {
      output.write(writer.frames());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0} left before an answer", admitted.name());
    }
  }

  private void outcome(int request, ByteBuffer body) throws IOException {
    ByteString id = ByteString.copyOf(MessageCodec.getBytes(body, WireFormat.COMMIT_ID_BYTES));
    TransactionId base = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    aside(
        request,
        writer -> {
          Optional<TransactionId> found = server.commitIds().outcome(id, base);
          writer
              .start(MessageType.DONE, request)
              .putLong(found.orElse(TransactionId.NONE).epochNanos())
              .end();
        });
  }

  private void newIds(int request, ByteBuffer body) throws IOException {
    int count = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    if (count < 0 || count > MAX_LISTED) {
      throw new IpcException(IpcError.INVALID, count + " ids at once");
    }
    objectIds(request, store.newIds(count));
  }

  private void history(int request, ByteBuffer body) throws IOException {
    ObjectId id = MessageCodec.getObjectId(body);
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_LISTED);
    MessageCodec.requireEnd(body);
    transactionIdList(request, store.history(id, range));
  }

  private static TransactionRange listed(TransactionRange range, int most) {
    return range.withLimit(Math.min(range.limit(), most));
  }

  private void transactionIdList(int request, Collection<TransactionId> ids) throws IOException {
    ListAnswer list = new ListAnswer(request);
    for (TransactionId id : ids) {
      list.next(Long.BYTES);
      answer.putLong(id.epochNanos());
    }
    list.end();
  }

  private void revision(int request, ByteBuffer body) throws IOException {
    ObjectId id = MessageCodec.getObjectId(body);
    TransactionId transaction = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    Optional<Revision> revision = store.revision(id, transaction);
    ListAnswer list = new ListAnswer(request);
    if (revision.isPresent()) {
      list.next(MessageCodec.sizeBytes(revision.get()));
      MessageCodec.putRevision(answer, revision.get());
    }
    list.end();
  }

  private void transactionIds(int request, ByteBuffer body) throws IOException {
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_LISTED);
    MessageCodec.requireEnd(body);
    transactionIdList(request, store.transactionIds(range));
  }

  private void transactions(int request, ByteBuffer body) throws IOException {
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_TRANSACTIONS);
    MessageCodec.requireEnd(body);
    ListAnswer list = new ListAnswer(request);
    for (CommittedTransaction transaction : store.transactions(range)) {
      list.next((long) Long.BYTES * transaction.objects().size());
      MessageCodec.putTransaction(answer, CommitIds.withoutNumber(transaction));
    }
    list.end();
  }

  private void stats(int request, ByteBuffer body) throws IOException {
    MessageCodec.requireEnd(body);
    answer.start(MessageType.DONE, request);
    MessageCodec.putStats(answer, store.stats());
    answer.end();
  }

  private void subscribe(int request, ByteBuffer body) throws IOException {
    MessageCodec.requireEnd(body);
    answer.start(MessageType.DONE, request).putLong(session.subscribe().epochNanos()).end();
  }

  private void seen(ByteBuffer body) throws IOException {
    session.seen(MessageCodec.getTransactionId(body));
    MessageCodec.requireEnd(body);
  }

  /** The frame that tells the client of a commit; null if he is not to know. */
  @Nullable ByteBuffer notice(CommittedTransaction transaction) {
    try {
      Optional<CommittedTransaction> visible = admitted.visible(transaction);
      if (visible.isEmpty()) {
        return null;
      }
      FrameWriter writer = new FrameWriter(256);
      writer.start(MessageType.COMMITTED, 0);
      MessageCodec.putTransaction(writer, CommitIds.withoutNumber(visible.get()));
      writer.end();
      return writer.frames();
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
    long most = server.limits().transactionIdle().toNanos();
    views.forEach(
        (number, view) -> {
          if (view.isTransaction() && view.idleNanos() > most && views.remove(number, view)) {
            view.close();
            LOG.log(
                System.Logger.Level.WARNING,
                "a transaction of {0} was idle for {1} and is aborted",
                admitted.name(),
                server.limits().transactionIdle());
          }
        });
  }

  /** Aborts what the client left open. */
  void close() {
    views.values().forEach(View::close);
    views.clear();
    admitted.close();
  }

  /** A list, in as many frames as it takes. */
  private final class ListAnswer {
    private final int request;
    private int count;
    private int countAt;
    private int start;

    ListAnswer(int request) {
      this.request = request;
      start();
    }

    private void start() {
      start = answer.start(MessageType.DONE, request).position();
      countAt = answer.position();
      answer.putInt(0);
      count = 0;
    }

    /** Makes room for an entry. */
    void next(long bytes) throws IOException {
      if (count > 0 && answer.position() - start + bytes > WRITE_BYTES) {
        answer.setInt(countAt, count);
        answer.endWithMore();
        write();
        start();
      }
      count++;
    }

    void end() {
      answer.setInt(countAt, count);
      answer.end();
    }
  }
}
