package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.StateCodec;

/** Answers the {@code image} requests from a store. */
public final class ImageService {
  private static final int MAX_CONFLICTS = 100;
  private static final int DEFAULT_LOG_LIMIT = 20;

  private final ObjectStore store;

  public ImageService(ObjectStore store) {
    this.store = store;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of(
        "image-put",
        this::put,
        "image-get",
        this::get,
        "image-ls",
        this::list,
        "image-log",
        this::log);
  }

  /**
   * {@code {objects: [{name, state}], blob, user, description}}: all in one transaction. An object
   * of that name gets the new state, else one is made; without a state it keeps the one it has. A
   * blob is a file whose content the only object is to hold; without one it keeps what it holds.
   */
  private JsonNode put(ObjectNode request) throws IOException {
    Map<String, Optional<ObjectState>> states = new LinkedHashMap<>();
    for (JsonNode object : request.path("objects")) {
      String name = object.path("name").asText();
      states.put(
          name,
          object.has("state") ? Optional.of(state(name, object.path("state"))) : Optional.empty());
    }
    if (!request.has("blob")) {
      return put(states, Optional.empty(), request);
    }
    try (BlobWriter writer = store.newBlob()) {
      return put(states, Optional.of(blob(request.path("blob").asText(), writer)), request);
    }
  }

  private static Blob blob(String file, BlobWriter writer) throws IOException {
    try (InputStream content = Files.newInputStream(Path.of(file))) {
      writer.copyFrom(content);
    } catch (NoSuchFileException e) {
      throw new Refusal(ExitCode.FAILED, "there is no file " + file);
    }
    return writer.finish();
  }

  private JsonNode put(
      Map<String, Optional<ObjectState>> states, Optional<Blob> blob, ObjectNode request)
      throws IOException {
    TransactionMetadata metadata =
        TransactionMetadata.of(request.path("user").asText(), request.path("description").asText());
    List<ObjectId> fresh = List.of();
    for (int attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      try (StoreTransaction transaction = store.begin()) {
        SortedMap<String, ObjectId> roots = transaction.roots();
        int missing = (int) states.keySet().stream().filter(n -> !roots.containsKey(n)).count();
        if (missing > fresh.size()) {
          fresh = store.newIds(missing);
        }
        Map<String, ObjectId> ids = assign(states.keySet(), roots, fresh, transaction);
        List<ObjectPut> puts = puts(states, ids, blob, transaction);
        requireTargets(states, ids.values(), transaction);
        transaction.put(puts);
        if (transaction.commit(metadata) instanceof CommitOutcome.Committed committed) {
          return committed(committed.id(), ids);
        }
      } catch (IllegalArgumentException refused) {
        throw new Refusal(ExitCode.USAGE, String.valueOf(refused.getMessage()));
      }
    }
    throw new Refusal(
        ExitCode.FAILED, "others kept changing " + states.keySet() + "; nothing was committed");
  }

  private static ObjectState state(String name, JsonNode json) throws Refusal {
    if (json instanceof ObjectNode object) {
      try {
        return ObjectJson.toState(object);
      } catch (IllegalArgumentException malformed) {
        throw new Refusal(ExitCode.USAGE, name + ": " + malformed.getMessage());
      }
    }
    throw new Refusal(ExitCode.USAGE, name + ": an object's state is a JSON object, not " + json);
  }

  private static Map<String, ObjectId> assign(
      Set<String> names,
      SortedMap<String, ObjectId> roots,
      List<ObjectId> fresh,
      StoreTransaction transaction) {
    Map<String, ObjectId> ids = new LinkedHashMap<>();
    int used = 0;
    for (String name : names) {
      ObjectId id = roots.get(name);
      if (id == null) {
        id = fresh.get(used++);
        transaction.setRoot(name, id);
      }
      ids.put(name, id);
    }
    return ids;
  }

  /** No reference may lead nowhere. */
  private static void requireTargets(
      Map<String, Optional<ObjectState>> states,
      Collection<ObjectId> own,
      StoreTransaction transaction)
      throws IOException {
    for (Map.Entry<String, Optional<ObjectState>> object : states.entrySet()) {
      Set<ObjectId> targets =
          new LinkedHashSet<>(object.getValue().orElse(ObjectState.EMPTY).references());
      targets.removeAll(new LinkedHashSet<>(own));
      targets.removeAll(transaction.get(targets).keySet());
      if (!targets.isEmpty()) {
        throw new Refusal(
            ExitCode.FAILED,
            object.getKey()
                + " refers to "
                + targets
                + ", which do not exist; nothing was committed");
      }
    }
  }

  private static List<ObjectPut> puts(
      Map<String, Optional<ObjectState>> states,
      Map<String, ObjectId> ids,
      Optional<Blob> blob,
      StoreTransaction transaction)
      throws IOException {
    Map<ObjectId, Revision> before = transaction.get(ids.values());
    List<ObjectPut> puts = new ArrayList<>();
    ids.forEach(
        (name, id) -> {
          Optional<Revision> was = Optional.ofNullable(before.get(id));
          ObjectPut put =
              states
                  .getOrDefault(name, Optional.empty())
                  .map(state -> StateCodec.put(id, state))
                  .or(() -> was.map(Revision::put))
                  .orElseGet(() -> StateCodec.put(id, ObjectState.EMPTY));
          puts.add(put.withBlob(blob.or(() -> was.flatMap(Revision::blob))));
        });
    return puts;
  }

  private static ObjectNode committed(TransactionId id, Map<String, ObjectId> ids) {
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("tid", id.toString());
    ArrayNode objects = result.putArray("objects");
    ids.forEach((name, oid) -> objects.addObject().put("name", name).put("oid", oid.toString()));
    return result;
  }

  /**
   * {@code {object: NAME or OID, blob}}: its state; or with the name of a file that does not exist,
   * which is made and gets the content of the object's blob, how long that is.
   */
  private JsonNode get(ObjectNode request) throws IOException {
    String wanted = request.path("object").asText();
    try (StoreSnapshot snapshot = store.snapshot()) {
      Revision revision = ObjectNames.find(snapshot, wanted);
      return request.has("blob")
          ? copyBlob(
              wanted, snapshot.openBlob(revision.id()), Path.of(request.get("blob").asText()))
          : ObjectJson.toJson(StateCodec.decode(revision.state()));
    }
  }

  private static JsonNode copyBlob(String object, Optional<BlobReader> blob, Path file)
      throws IOException {
    if (blob.isEmpty()) {
      throw new Refusal(
          ExitCode.FAILED, object + " holds no blob; see: telosfs image put --blob FILE");
    }
    try (BlobReader reader = blob.get()) {
      try (OutputStream output =
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        reader.stream().transferTo(output);
      } catch (FileAlreadyExistsException e) {
        throw new Refusal(ExitCode.FAILED, file + " exists; it was left alone");
      }
      return JsonNodeFactory.instance
          .objectNode()
          .put("bytes", reader.blob().sizeBytes())
          .put("sha256", HexFormat.of().formatHex(reader.blob().sha256().toByteArray()))
          .put("file", file.toString());
    }
  }

  /** Names with their objects, and since which transaction they are as they are. */
  private JsonNode list(ObjectNode request) throws IOException {
    ArrayNode objects = JsonNodeFactory.instance.arrayNode();
    try (StoreSnapshot snapshot = store.snapshot()) {
      SortedMap<String, ObjectId> roots = snapshot.roots();
      Map<ObjectId, TransactionId> changed = snapshot.changedBy(roots.values());
      roots.forEach(
          (name, id) -> {
            ObjectNode object = objects.addObject().put("name", name).put("oid", id.toString());
            TransactionId tid = changed.get(id);
            if (tid != null) {
              object.put("tid", tid.toString()).put("time", tid.time().toString());
            }
          });
    }
    return objects;
  }

  /** {@code {limit}}: the last transactions, newest first. */
  private JsonNode log(ObjectNode request) throws IOException {
    ArrayNode log = JsonNodeFactory.instance.arrayNode();
    int limit = request.path("limit").asInt(DEFAULT_LOG_LIMIT);
    for (CommittedTransaction transaction : store.transactions(TransactionRange.newest(limit))) {
      ObjectNode entry =
          log.addObject()
              .put("tid", transaction.id().toString())
              .put("time", transaction.id().time().toString())
              .put("user", transaction.metadata().user())
              .put("description", transaction.metadata().description());
      ArrayNode objects = entry.putArray("objects");
      transaction.objects().forEach(id -> objects.add(id.toString()));
    }
    return log;
  }
}
