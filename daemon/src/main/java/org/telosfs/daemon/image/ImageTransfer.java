package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.export.GraphExport;
import org.telosfs.persistence.export.GraphImport;

/** Answers requests to take objects out of a store and into one. */
public final class ImageTransfer {
  private static final int BUFFER_BYTES = 1 << 18;

  private final ObjectStore store;

  public ImageTransfer(ObjectStore store) {
    this.store = store;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of("image-export", this::exportTo, "image-import", this::importFrom);
  }

  /** {@code {file, objects: [NAME or OID], at}}; without objects all that the roots lead to. */
  private JsonNode exportTo(ObjectNode request) throws IOException {
    Path file = Path.of(request.path("file").asText());
    try (StoreSnapshot snapshot = snapshot(request)) {
      List<ObjectId> from = new ArrayList<>();
      for (JsonNode object : request.path("objects")) {
        from.add(ObjectNames.find(snapshot, object.asText()).id());
      }
      if (from.isEmpty()) {
        from.addAll(snapshot.roots().values());
      }
      GraphExport.Report report = write(snapshot, from, file);
      ObjectNode answer =
          JsonNodeFactory.instance
              .objectNode()
              .put("tid", snapshot.transaction().toString())
              .put("objects", report.objects())
              .put("bytes", report.bytes());
      ArrayNode names = answer.putArray("names");
      report.names().forEach(names::add);
      return answer;
    }
  }

  private StoreSnapshot snapshot(ObjectNode request) throws IOException {
    return request.has("at")
        ? store.at(TransactionId.parse(request.path("at").asText()))
        : store.snapshot();
  }

  /** A new file, whole and durable, or none. */
  private static GraphExport.Report write(StoreSnapshot snapshot, List<ObjectId> from, Path file)
      throws IOException {
    FileChannel created;
    try {
      created = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException there) {
      throw new Refusal(ExitCode.USAGE, file + " exists; name a new file for the export", there);
    }
    try (FileChannel channel = created) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
      GraphExport.Report report = GraphExport.run(snapshot, from, out);
      out.flush();
      channel.force(true);
      return report;
    } catch (IOException | RuntimeException failed) {
      Files.deleteIfExists(file);
      throw failed;
    }
  }

  /** {@code {file, prefix, user}}. */
  private JsonNode importFrom(ObjectNode request) throws IOException {
    Path file = Path.of(request.path("file").asText());
    TransactionMetadata metadata =
        TransactionMetadata.of(request.path("user").asText(), "import of " + file.getFileName());
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      GraphImport.Report report =
          GraphImport.run(store, in, file.toString(), request.path("prefix").asText(), metadata);
      ObjectNode answer =
          JsonNodeFactory.instance
              .objectNode()
              .put("tid", report.transaction().toString())
              .put("objects", report.objects());
      ArrayNode names = answer.putArray("names");
      report
          .roots()
          .forEach((name, id) -> names.addObject().put("name", name).put("oid", id.toString()));
      return answer;
    }
  }
}
