package org.telosfs.persistence.export;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.object.StateFormatException;

/**
 * Makes the objects of an export in a store: each with a new id, references led to those. Large
 * ones take several transactions, and the last one sets the roots: until then nobody meets the
 * objects, and if it never comes, for the file is damaged or the power fails, the next pack takes
 * them away.
 */
public final class GraphImport {
  private static final int IDS_AT_ONCE = 1024;
  private static final long BYTES_AT_ONCE = 16 << 20;

  /**
   * What was made.
   *
   * @param transaction the last one, which set the roots
   * @param roots the names of its roots, with the prefix, and their objects
   */
  public record Report(TransactionId transaction, long objects, SortedMap<String, ObjectId> roots) {
    public Report {
      roots = Collections.unmodifiableSortedMap(new TreeMap<>(roots));
    }
  }

  /** What an object takes of the log beside its state, at least. */
  private static final int OVERHEAD_BYTES = 64;

  private final ObjectStore store;
  private final String file;
  private final TransactionMetadata metadata;
  private final Map<ObjectId, ObjectId> renumbered = new HashMap<>();
  private final List<BlobWriter> blobs = new ArrayList<>();
  private List<ObjectId> fresh = List.of();
  private int used;

  private GraphImport(ObjectStore store, String file, TransactionMetadata metadata) {
    this.store = store;
    this.file = file;
    this.metadata = metadata;
  }

  /**
   * Imports.
   *
   * @param prefix put before the names of roots, so that they meet none that is there; may be empty
   * @param file the name of the file, for messages
   * @throws ExportFormatException if the file is no whole export of this version
   * @throws RootTakenException if there is a root of such a name; no root was set
   */
  public static Report run(
      ObjectStore store, InputStream in, String file, String prefix, TransactionMetadata metadata)
      throws IOException {
    GraphImport made = new GraphImport(store, file, metadata);
    try {
      return made.run(new ExportReader(in, file), prefix);
    } finally {
      made.closeBlobs();
    }
  }

  private Report run(ExportReader reader, String prefix) throws IOException {
    SortedMap<String, ObjectId> roots = new TreeMap<>();
    List<ObjectPut> puts = new ArrayList<>();
    long objects = 0;
    long bytes = 0;
    ExportRecord record = reader.next();
    for (; !(record instanceof ExportRecord.End); record = reader.next()) {
      if (record instanceof ExportRecord.Exported object) {
        if (bytes >= BYTES_AT_ONCE) {
          commit(puts, Map.of());
          puts.clear();
          bytes = 0;
        }
        puts.add(put(object));
        objects++;
        bytes += object.state().size() + OVERHEAD_BYTES;
      } else if (record instanceof ExportRecord.BlobBegins blob) {
        int last = puts.size() - 1;
        if (last < 0) {
          throw new ExportFormatException(file + " is damaged: a blob of no object");
        }
        puts.set(last, puts.get(last).withBlob(Optional.of(blob(reader, blob))));
      } else if (record instanceof ExportRecord.Named named) {
        roots.put(prefix + named.name(), renumbered(named.id()));
      }
    }
    requireWhole((ExportRecord.End) record, objects, roots.size());
    return new Report(commit(puts, roots), objects, roots);
  }

  private void requireWhole(ExportRecord.End end, long objects, long names)
      throws ExportFormatException {
    if (end.objects() != objects || end.names() != names || renumbered.size() != objects) {
      throw new ExportFormatException(
          String.format(
              "%s is damaged: it holds %d objects, which lead to %d, and %d names; it should hold"
                  + " %d and %d",
              file, objects, renumbered.size(), names, end.objects(), end.names()));
    }
  }

  private TransactionId commit(List<ObjectPut> puts, Map<String, ObjectId> roots)
      throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      SortedMap<String, ObjectId> taken = transaction.roots();
      for (Map.Entry<String, ObjectId> root : roots.entrySet()) {
        if (taken.containsKey(root.getKey())) {
          throw new RootTakenException(root.getKey());
        }
        transaction.setRoot(root.getKey(), root.getValue());
      }
      transaction.put(puts);
      TransactionId committed = transaction.commit(metadata).orThrow();
      closeBlobs();
      return committed;
    }
  }

  private Blob blob(ExportReader reader, ExportRecord.BlobBegins begins) throws IOException {
    BlobWriter writer = store.newBlob();
    blobs.add(writer);
    while (writer.sizeBytes() < begins.sizeBytes()) {
      if (!(reader.next() instanceof ExportRecord.BlobPart part) || !part.bytes().hasRemaining()) {
        throw new ExportFormatException(file + " is damaged: a blob is not whole");
      }
      writer.write(part.bytes());
    }
    Blob blob = writer.finish();
    if (!blob.sha256().equals(begins.sha256()) || blob.sizeBytes() != begins.sizeBytes()) {
      throw new ExportFormatException(file + " is damaged: a blob is not what it was");
    }
    return blob;
  }

  /** Those that no transaction has linked are thrown away. */
  private void closeBlobs() throws IOException {
    for (BlobWriter blob : blobs) {
      blob.close();
    }
    blobs.clear();
  }

  private ObjectPut put(ExportRecord.Exported object) throws IOException {
    ObjectId id = renumbered(object.id());
    if (object.references().isEmpty()) {
      return new ObjectPut(id, object.state(), List.of());
    }
    List<ObjectId> references = new ArrayList<>();
    for (ObjectId reference : object.references()) {
      references.add(renumbered(reference));
    }
    return new ObjectPut(id, relocated(object), references);
  }

  /** Only states that this program can read can be led elsewhere. */
  private ByteString relocated(ExportRecord.Exported object) throws IOException {
    ObjectState state;
    try {
      state = StateCodec.decode(object.state());
    } catch (StateFormatException opaque) {
      throw new ExportFormatException(
          file
              + ": the state of object "
              + object.id()
              + " refers to others in a form of its own, so they cannot get new numbers");
    }
    return StateCodec.encode(state.withReferences(id -> renumbered.getOrDefault(id, id)));
  }

  private ObjectId renumbered(ObjectId id) throws IOException {
    ObjectId known = renumbered.get(id);
    if (known != null) {
      return known;
    }
    if (used == fresh.size()) {
      fresh = store.newIds(IDS_AT_ONCE);
      used = 0;
    }
    ObjectId next = fresh.get(used++);
    renumbered.put(id, next);
    return next;
  }
}
