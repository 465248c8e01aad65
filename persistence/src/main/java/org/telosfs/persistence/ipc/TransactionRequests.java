package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Savepoint;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/** What changes a transaction, and its end. */
final class TransactionRequests {
  private final SessionViews views;
  private final SessionAnswers answers;
  private final AsideAnswers aside;
  private final CommitIds commitIds;
  private final IpcLimits limits;

  TransactionRequests(
      SessionViews views,
      SessionAnswers answers,
      AsideAnswers aside,
      CommitIds commitIds,
      IpcLimits limits) {
    this.views = views;
    this.answers = answers;
    this.aside = aside;
    this.commitIds = commitIds;
    this.limits = limits;
  }

  void put(int request, ByteBuffer body) throws IOException {
    long bytes = body.remaining();
    View view = views.transaction(body);
    int count = MessageCodec.getCount(body, Long.BYTES + 2 * Integer.BYTES);
    List<ObjectPut> puts = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      puts.add(MessageCodec.getObject(body));
    }
    MessageCodec.requireEnd(body);
    view.hold(bytes, limits.maxTransactionBytes());
    synchronized (view) {
      view.transaction().put(puts);
    }
    answers.done(request);
  }

  void delete(int request, ByteBuffer body) throws IOException {
    View view = views.transaction(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    view.hold((long) Long.BYTES * ids.size(), limits.maxTransactionBytes());
    synchronized (view) {
      view.transaction().delete(ids);
    }
    answers.done(request);
  }

  void setRoots(int request, ByteBuffer body) throws IOException {
    long bytes = body.remaining();
    View view = views.transaction(body);
    SortedMap<String, Optional<ObjectId>> roots = MessageCodec.getRoots(body);
    MessageCodec.requireEnd(body);
    view.hold(bytes, limits.maxTransactionBytes());
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
    answers.done(request);
  }

  void readCurrent(int request, ByteBuffer body) throws IOException {
    View view = views.transaction(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    view.hold((long) Long.BYTES * ids.size(), limits.maxTransactionBytes());
    synchronized (view) {
      view.transaction().readCurrent(ids);
    }
    answers.done(request);
  }

  void savepoint(int request, ByteBuffer body) throws IOException {
    View view = views.transaction(body);
    MessageCodec.requireEnd(body);
    view.hold(Long.BYTES, limits.maxTransactionBytes());
    int number;
    synchronized (view) {
      number = view.add(view.transaction().savepoint());
    }
    answers.start(request).putInt(number).end();
  }

  void rollback(int request, ByteBuffer body) throws IOException {
    View view = views.transaction(body);
    Savepoint savepoint = view.savepoint(MessageCodec.getInt(body));
    MessageCodec.requireEnd(body);
    if (savepoint == null) {
      throw new IpcException(IpcError.INVALID, "there is no such savepoint");
    }
    synchronized (view) {
      savepoint.rollback();
    }
    answers.done(request);
  }

  /**
   * @param quiet whether the client is expected to say nothing until the answer
   */
  void commit(int request, ByteBuffer body, boolean quiet) throws IOException {
    int number = MessageCodec.getInt(body);
    ByteString id = ByteString.copyOf(MessageCodec.getBytes(body, WireFormat.COMMIT_ID_BYTES));
    boolean onlyIfNothingFailed = MessageCodec.getByte(body) != 0;
    TransactionMetadata metadata = MessageCodec.getMetadata(body);
    MessageCodec.requireEnd(body);
    View view = views.take(number);
    if (onlyIfNothingFailed && view.hasFailed()) {
      view.close();
      throw new IpcException(
          IpcError.TRANSACTION_FAILED, "a request of the transaction failed before");
    }
    TransactionMetadata said;
    try {
      said = commitIds.start(id, metadata);
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
    StoreTransaction transaction = view.transaction();
    aside.answerLater(
        request,
        () ->
            transaction
                .commitLater(said, quiet)
                .whenComplete(
                    (outcome, failure) -> {
                      commitIds.finish(id);
                      view.close();
                    }),
        MessageCodec::putOutcome,
        quiet);
  }

  void outcome(int request, ByteBuffer body) throws IOException {
    ByteString id = ByteString.copyOf(MessageCodec.getBytes(body, WireFormat.COMMIT_ID_BYTES));
    TransactionId base = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    aside.answer(
        request,
        writer -> {
          Optional<TransactionId> found = commitIds.outcome(id, base);
          writer
              .start(MessageType.DONE, request)
              .putLong(found.orElse(TransactionId.NONE).epochNanos())
              .end();
        });
  }
}
