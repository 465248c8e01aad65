package org.telosfs.persistence.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.index.IdSet;

/** Writes all that can be reached from some objects, as one snapshot shows it. */
public final class GraphExport {
  private static final int OBJECTS_AT_ONCE = 256;

  /**
   * What was written.
   *
   * @param bytes of states and blobs
   * @param names of roots whose objects are among them
   */
  public record Report(long objects, long bytes, List<String> names) {
    public Report {
      names = List.copyOf(names);
    }
  }

  private final StoreSnapshot snapshot;
  private final ExportWriter writer;
  private final IdSet found = new IdSet();
  private final ArrayDeque<ObjectId> ahead = new ArrayDeque<>();
  private long bytes;

  private GraphExport(StoreSnapshot snapshot, ExportWriter writer) {
    this.snapshot = snapshot;
    this.writer = writer;
  }

  /**
   * Writes the objects, with every object that they lead to, and the roots that name one of them.
   *
   * @throws DanglingExportException if one refers to what does not exist; what was written then is
   *     not whole, and {@link GraphImport} refuses it
   */
  public static Report run(StoreSnapshot snapshot, Collection<ObjectId> from, OutputStream out)
      throws IOException {
    GraphExport export = new GraphExport(snapshot, new ExportWriter(out));
    from.forEach(export::enqueue);
    export.writeObjects();
    return export.writeNames();
  }

  private void enqueue(ObjectId id) {
    if (found.add(id)) {
      ahead.add(id);
    }
  }

  private void writeObjects() throws IOException {
    while (!ahead.isEmpty()) {
      Set<ObjectId> next = new LinkedHashSet<>();
      while (!ahead.isEmpty() && next.size() < OBJECTS_AT_ONCE) {
        next.add(ahead.remove());
      }
      Map<ObjectId, Revision> there = snapshot.get(next);
      for (ObjectId id : next) {
        Revision revision = there.get(id);
        if (revision == null) {
          throw new DanglingExportException(id, snapshot.transaction());
        }
        writer.write(new ExportRecord.Exported(id, revision.references(), revision.state()));
        bytes += revision.state().size();
        writeBlob(id);
        revision.references().forEach(this::enqueue);
      }
    }
  }

  private void writeBlob(ObjectId id) throws IOException {
    Optional<BlobReader> found = snapshot.openBlob(id);
    if (found.isEmpty()) {
      return;
    }
    try (BlobReader blob = found.get()) {
      long size = blob.blob().sizeBytes();
      writer.write(new ExportRecord.BlobBegins(size, blob.blob().sha256()));
      for (long at = 0; at < size; ) {
        ByteBuffer part = ByteBuffer.allocate(BlobReader.STREAM_BYTES);
        int read = blob.read(part, at);
        writer.write(new ExportRecord.BlobPart(part.flip()));
        at += read;
      }
      bytes += size;
    }
  }

  private Report writeNames() throws IOException {
    SortedMap<String, ObjectId> roots = snapshot.roots();
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, ObjectId> root : roots.entrySet()) {
      if (found.contains(root.getValue())) {
        writer.write(new ExportRecord.Named(root.getKey(), root.getValue()));
        names.add(root.getKey());
      }
    }
    writer.write(new ExportRecord.End(found.size(), names.size()));
    return new Report(found.size(), bytes, names);
  }
}
