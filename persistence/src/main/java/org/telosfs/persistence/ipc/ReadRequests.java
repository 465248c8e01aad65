package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;

/** What is asked of a snapshot, or of a transaction's view of the objects. */
final class ReadRequests {
  /** Objects are taken from the store in batches like this, so that few are in memory at once. */
  private static final int BATCH_OBJECTS = 64;

  /** A hint has no more bytes sent than this. */
  private static final int MAX_PREFETCHED = 16 << 20;

  private final SessionViews views;
  private final SessionAnswers answers;

  ReadRequests(SessionViews views, SessionAnswers answers) {
    this.views = views;
    this.answers = answers;
  }

  void get(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    SessionAnswers.Listing list = answers.list(request);
    views.ask(
        number,
        (snapshot, transaction) -> {
          for (int first = 0; first < ids.size(); first += BATCH_OBJECTS) {
            List<ObjectId> batch = ids.subList(first, Math.min(ids.size(), first + BATCH_OBJECTS));
            Map<ObjectId, Revision> found =
                snapshot == null ? require(transaction).get(batch) : snapshot.get(batch);
            for (Revision revision : found.values()) {
              MessageCodec.putRevision(list.next(MessageCodec.sizeBytes(revision)), revision);
            }
          }
          return list;
        });
    list.end();
  }

  /** Objects, then what they refer to, and so on, each once. */
  void prefetch(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    int steps = MessageCodec.getInt(body);
    int maxBytes = MessageCodec.getInt(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    if (steps < 0 || maxBytes < 0) {
      throw MessageCodec.malformed(steps + " steps and " + maxBytes + " bytes");
    }
    SessionAnswers.Listing list = answers.list(request);
    views.ask(
        number,
        (snapshot, transaction) -> {
          prefetch(requireSnapshot(snapshot), ids, steps, Math.min(maxBytes, MAX_PREFETCHED), list);
          return list;
        });
    list.end();
  }

  private static void prefetch(
      StoreSnapshot snapshot,
      List<ObjectId> ids,
      int steps,
      int maxBytes,
      SessionAnswers.Listing list)
      throws IOException {
    Set<ObjectId> reached = new HashSet<>(ids);
    List<ObjectId> level = List.copyOf(reached);
    long left = maxBytes;
    for (int step = 0; step <= steps && !level.isEmpty(); step++) {
      List<ObjectId> next = new ArrayList<>();
      for (int first = 0; first < level.size(); first += BATCH_OBJECTS) {
        int end = Math.min(level.size(), first + BATCH_OBJECTS);
        for (Revision revision : snapshot.get(level.subList(first, end)).values()) {
          left -= MessageCodec.sizeBytes(revision);
          if (left < 0) {
            return;
          }
          MessageCodec.putRevision(list.next(MessageCodec.sizeBytes(revision)), revision);
          revision.references().stream().filter(reached::add).forEach(next::add);
        }
      }
      level = next;
    }
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

  void changedBy(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    List<ObjectId> ids = MessageCodec.getIds(body);
    MessageCodec.requireEnd(body);
    Map<ObjectId, TransactionId> found =
        views.ask(number, (snapshot, transaction) -> requireSnapshot(snapshot).changedBy(ids));
    SessionAnswers.Listing list = answers.list(request);
    for (Map.Entry<ObjectId, TransactionId> each : found.entrySet()) {
      list.next(2 * Long.BYTES)
          .putLong(each.getKey().value())
          .putLong(each.getValue().epochNanos());
    }
    list.end();
  }

  void ids(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    ObjectId first = MessageCodec.getObjectId(body);
    int limit = Math.min(HistoryRequests.MAX_LISTED, MessageCodec.getInt(body));
    MessageCodec.requireEnd(body);
    answers.objectIds(
        request,
        views.ask(number, (snapshot, transaction) -> requireSnapshot(snapshot).ids(first, limit)));
  }

  void roots(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    SortedMap<String, ObjectId> roots =
        views.ask(
            number,
            (snapshot, transaction) ->
                snapshot == null ? require(transaction).roots() : snapshot.roots());
    SortedMap<String, Optional<ObjectId>> told = new TreeMap<>();
    roots.forEach((name, id) -> told.put(name, Optional.of(id)));
    FrameWriter answer = answers.start(request);
    MessageCodec.putRoots(answer, told);
    answer.end();
  }
}
