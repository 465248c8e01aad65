package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.backup.BackupRepository;
import org.telosfs.persistence.backup.StoreBackup;
import org.telosfs.persistence.pack.DanglingReference;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.pack.PackReport;
import org.telosfs.persistence.storage.HostStorageDirectory;

/** Answers the requests that an operator makes of the store itself. */
public final class ImageMaintenance {

  private final LocalObjectStore store;

  public ImageMaintenance(LocalObjectStore store) {
    this.store = store;
  }

  /** By request name. */
  public Map<String, ControlHandler> handlers() {
    return Map.of("image-pack", this::pack, "image-backup", this::backup);
  }

  /** {@code {keepSeconds, bytesPerSecond, ignoreDangling, apply}}. */
  private JsonNode pack(ObjectNode request) throws IOException {
    Duration keep = Duration.ofSeconds(request.path("keepSeconds").asLong());
    PackOptions options =
        PackOptions.keepingFrom(
                keep.isZero() ? TransactionId.MAX : TransactionId.at(Instant.now().minus(keep)))
            .givingWay();
    if (request.has("bytesPerSecond")) {
      options = options.withBytesPerSecond(request.path("bytesPerSecond").asLong());
    }
    if (request.path("ignoreDangling").asBoolean()) {
      options = options.withDanglingAllowed();
    }
    return json(
        request.path("apply").asBoolean()
            ? store.pack().run(options)
            : store.pack().dryRun(options));
  }

  private static ObjectNode json(PackReport report) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("applied", report.applied())
            .put("resumed", report.resumed())
            .put("horizon", report.horizon().toString())
            .put("horizonTime", report.horizon().time().toString())
            .put("objectsGone", report.objectsGone())
            .put("revisionsGone", report.revisionsGone())
            .put("segments", report.segments())
            .put("segmentsRewritten", report.segmentsRewritten())
            .put("bytesBefore", report.bytesBefore())
            .put("bytesAfter", report.bytesAfter())
            .put("blobsGone", report.blobsGone())
            .put("blobBytesGone", report.blobBytesGone());
    ArrayNode dangling = json.putArray("dangling");
    for (DanglingReference reference : report.dangling()) {
      dangling
          .addObject()
          .put("referrer", reference.referrer().toString())
          .put("tid", reference.transaction().toString())
          .put("target", reference.target().toString());
    }
    return json.put("danglingLeftOut", report.danglingLeftOut());
  }

  /** {@code {repository}}: a directory, made if it is missing. */
  private JsonNode backup(ObjectNode request) throws IOException {
    Path repository = Path.of(request.path("repository").asText());
    Files.createDirectories(repository);
    StoreBackup.Report report =
        store.backup(new BackupRepository(new HostStorageDirectory(repository)));
    return JsonNodeFactory.instance
        .objectNode()
        .put("tid", report.backup().newest().toString())
        .put("time", report.backup().newest().time().toString())
        .put("files", report.files())
        .put("bytes", report.bytes())
        .put("filesCopied", report.filesCopied())
        .put("bytesCopied", report.bytesCopied());
  }
}
