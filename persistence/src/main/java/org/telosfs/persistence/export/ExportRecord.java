package org.telosfs.persistence.export;

import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;

/** What an export consists of, in this order: objects, names, the end. */
sealed interface ExportRecord {

  /** An object as it was; it and its references have the ids that they had in their store. */
  record Exported(ObjectId id, List<ObjectId> references, ByteString state)
      implements ExportRecord {
    public Exported {
      references = List.copyOf(references);
    }
  }

  /** The last object has a blob, whose content follows in parts. */
  record BlobBegins(long sizeBytes, ByteString sha256) implements ExportRecord {}

  /** Some of the content. */
  record BlobPart(ByteBuffer bytes) implements ExportRecord {}

  /** A root that named one of the objects. */
  record Named(String name, ObjectId id) implements ExportRecord {}

  /** Nothing was left out. */
  record End(long objects, long names) implements ExportRecord {}
}
