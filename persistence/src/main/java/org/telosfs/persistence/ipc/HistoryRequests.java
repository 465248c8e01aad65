package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.UndoOutcome;

/** What is asked of the store as a whole: what happened in it, ids, figures, undo. */
final class HistoryRequests {
  /** No more ids are told in one answer. */
  static final int MAX_LISTED = 1 << 16;

  private static final int MAX_TRANSACTIONS = 1024;

  private final ObjectStore store;
  private final SessionAnswers answers;
  private final AsideAnswers aside;

  HistoryRequests(ObjectStore store, SessionAnswers answers, AsideAnswers aside) {
    this.store = store;
    this.answers = answers;
    this.aside = aside;
  }

  void newIds(int request, ByteBuffer body) throws IOException {
    int count = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    if (count < 0 || count > MAX_LISTED) {
      throw new IpcException(IpcError.INVALID, count + " ids at once");
    }
    answers.objectIds(request, store.newIds(count));
  }

  void history(int request, ByteBuffer body) throws IOException {
    ObjectId id = MessageCodec.getObjectId(body);
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_LISTED);
    MessageCodec.requireEnd(body);
    answers.transactionIds(request, store.history(id, range));
  }

  private static TransactionRange listed(TransactionRange range, int most) {
    return range.withLimit(Math.min(range.limit(), most));
  }

  void revision(int request, ByteBuffer body) throws IOException {
    ObjectId id = MessageCodec.getObjectId(body);
    TransactionId transaction = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    Optional<Revision> revision = store.revision(id, transaction);
    SessionAnswers.Listing list = answers.list(request);
    if (revision.isPresent()) {
      FrameWriter entry = list.next(MessageCodec.sizeBytes(revision.get()));
      MessageCodec.putRevision(entry, revision.get());
    }
    list.end();
  }

  void transactionIds(int request, ByteBuffer body) throws IOException {
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_LISTED);
    MessageCodec.requireEnd(body);
    answers.transactionIds(request, store.transactionIds(range));
  }

  void transactions(int request, ByteBuffer body) throws IOException {
    TransactionRange range = listed(MessageCodec.getRange(body), MAX_TRANSACTIONS);
    MessageCodec.requireEnd(body);
    SessionAnswers.Listing list = answers.list(request);
    for (CommittedTransaction transaction : store.transactions(range)) {
      FrameWriter entry = list.next((long) Long.BYTES * transaction.objects().size());
      MessageCodec.putTransaction(entry, CommitIds.withoutNumber(transaction));
    }
    list.end();
  }

  void undo(int request, ByteBuffer body) throws IOException {
    List<TransactionId> transactions = MessageCodec.getTransactionIds(body);
    TransactionMetadata metadata = MessageCodec.getMetadata(body);
    MessageCodec.requireEnd(body);
    aside.answer(
        request,
        writer -> {
          UndoOutcome outcome = store.undo(transactions, metadata);
          writer.start(MessageType.DONE, request);
          MessageCodec.putUndo(writer, outcome);
          writer.end();
        });
  }

  void stats(int request, ByteBuffer body) throws IOException {
    MessageCodec.requireEnd(body);
    FrameWriter answer = answers.start(request);
    MessageCodec.putStats(answer, store.stats());
    answer.end();
  }
}
