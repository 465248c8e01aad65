package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.object.StateFormatException;

/**
 * Dumps a store's transactions with every state that they made. A transaction may be of any size,
 * and an answer is a tree in memory: so an answer ends, also within a transaction, where it has
 * become large, and tells where the next one goes on.
 */
final class ImageDump {
  private static final int TRANSACTIONS = 20;

  /** An answer takes no more states when it has so many bytes of them. */
  private static final long STATE_BYTES = 1 << 20;

  /** What an object costs an answer beside its state. */
  private static final long OBJECT_BYTES = 100;

  private final ObjectStore store;

  ImageDump(ObjectStore store) {
    this.store = store;
  }

  /**
   * {@code {from, skip, to}}: the transactions from one on and up to one, oldest first, without the
   * first objects of the first. The answer's {@code next} is what to ask for the rest, and is
   * missing at the end.
   */
  JsonNode answer(ObjectNode request) throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode dumped = answer.putArray("transactions");
    List<CommittedTransaction> transactions =
        store.transactions(
            TransactionRange.between(
                    ImageInspection.id(request, "from").orElse(TransactionId.NONE),
                    ImageInspection.id(request, "to").orElse(TransactionId.MAX))
                .withLimit(TRANSACTIONS));
    int skip = request.path("skip").asInt();
    long room = STATE_BYTES;
    for (CommittedTransaction transaction : transactions) {
      List<ObjectId> objects = transaction.objects();
      ArrayNode changes =
          ImageInspection.describe(transaction, dumped.addObject())
              .put("objects", objects.size())
              .putArray("changes");
      for (int index = skip; index < objects.size(); index++) {
        if (room <= 0) {
          answer.set("next", next(request, transaction.id(), index));
          return answer;
        }
        room -= add(objects.get(index), transaction.id(), changes);
      }
      skip = 0;
    }
    if (transactions.size() == TRANSACTIONS) {
      TransactionId last = transactions.get(TRANSACTIONS - 1).id();
      answer.set("next", next(request, last.next(), 0));
    }
    return answer;
  }

  private static ObjectNode next(ObjectNode request, TransactionId from, int skip) {
    return request.deepCopy().put("from", from.toString()).put("skip", skip);
  }

  /** Adds what a transaction made of an object; returns what that costs the answer. */
  private long add(ObjectId id, TransactionId transaction, ArrayNode to) throws IOException {
    ObjectNode change = to.addObject().put("oid", id.toString());
    Optional<Revision> found = store.revision(id, transaction);
    if (found.isEmpty()) {
      change.put("packedAway", true);
      return OBJECT_BYTES;
    }
    Revision revision = found.get();
    if (revision.deleted()) {
      change.put("deleted", true);
      return OBJECT_BYTES;
    }
    change.put("bytes", revision.state().size());
    revision.blob().ifPresent(blob -> change.put("blobBytes", blob.sizeBytes()));
    try {
      change.set("state", ObjectJson.toJson(StateCodec.decode(revision.state())));
    } catch (StateFormatException opaque) {
      change.put("base64", Base64.getEncoder().encodeToString(revision.state().toByteArray()));
    }
    return OBJECT_BYTES + revision.state().size();
  }
}
