package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.Subscription;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;

/** Answers what an operator asks about a store's content, object by object. */
public final class ImageInspection {
  private static final int DEFAULT_TRANSACTIONS = 20;
  private static final int OBJECTS_AT_ONCE = 1000;

  private final ObjectStore store;
  private final ImageDump dump;

  public ImageInspection(ObjectStore store) {
    this.store = store;
    this.dump = new ImageDump(store);
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of("image-dump", dump::answer, "image-tail", this::tail, "image-refs", this::refs);
  }

  /**
   * {@code {limit}}: the newest transactions, oldest first; {@code {after, limit, waitMillis}}:
   * those behind that one, and if there is none yet whatever comes within that time.
   */
  private JsonNode tail(ObjectNode request) throws IOException {
    int limit = request.path("limit").asInt(DEFAULT_TRANSACTIONS);
    List<CommittedTransaction> found;
    if (request.has("after")) {
      found = awaitAfter(after(request, limit), request.path("waitMillis").asLong());
    } else {
      found = new ArrayList<>(store.transactions(TransactionRange.newest(limit)));
      Collections.reverse(found);
    }
    ArrayNode told = JsonNodeFactory.instance.arrayNode();
    for (CommittedTransaction transaction : found) {
      ArrayNode objects = describe(transaction, told.addObject()).putArray("objects");
      transaction.objects().forEach(id -> objects.add(id.toString()));
    }
    return told;
  }

  private List<CommittedTransaction> awaitAfter(TransactionRange range, long millis)
      throws IOException {
    Semaphore committed = new Semaphore(0);
    Subscription subscription = store.subscribe(transaction -> committed.release());
    try {
      List<CommittedTransaction> found = store.transactions(range);
      if (found.isEmpty() && committed.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        found = store.transactions(range);
      }
      return found;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      subscription.close();
    }
  }

  /** Adds what is told of any transaction. */
  static ObjectNode describe(CommittedTransaction transaction, ObjectNode into) {
    return into.put("tid", transaction.id().toString())
        .put("time", transaction.id().time().toString())
        .put("user", transaction.metadata().user())
        .put("description", transaction.metadata().description());
  }

  /** {@code {object}}: what it refers to, and every object and name that refers to it. */
  private JsonNode refs(ObjectNode request) throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try (StoreSnapshot snapshot = store.snapshot()) {
      Revision asked = ObjectNames.find(snapshot, request.path("object").asText());
      answer.put("oid", asked.id().toString());
      ArrayNode names = answer.putArray("names");
      snapshot
          .roots()
          .forEach(
              (name, id) -> {
                if (id.equals(asked.id())) {
                  names.add(name);
                }
              });
      ArrayNode to = answer.putArray("refersTo");
      asked.references().forEach(id -> to.add(id.toString()));
      ArrayNode from = answer.putArray("referredToBy");
      ObjectScan.run(
          snapshot,
          OBJECTS_AT_ONCE,
          revision -> {
            if (!revision.id().equals(ObjectId.ROOTS)
                && revision.references().contains(asked.id())) {
              from.add(revision.id().toString());
            }
          });
    }
    return answer;
  }

  private static TransactionRange after(ObjectNode request, int limit) throws Refusal {
    return TransactionRange.after(id(request, "after").orElse(TransactionId.NONE), limit);
  }

  /** A transaction that a request may name. */
  static Optional<TransactionId> id(ObjectNode request, String field) throws Refusal {
    if (!request.has(field)) {
      return Optional.empty();
    }
    try {
      return Optional.of(TransactionId.parse(request.path(field).asText()));
    } catch (IllegalArgumentException wrong) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(wrong.getMessage()));
    }
  }
}
