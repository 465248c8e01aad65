package org.telosfs.image;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.telosfs.image.render.StateJson;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;

/**
 * A revision, decoded and rendered when first asked for. Two threads may do that at once and come
 * to the same.
 */
final class RenderedRevision {

  private static final int FIXED_BYTES = 1024;

  /** What a byte of state takes when decoded and rendered, roughly. */
  private static final int GROWTH = 8;

  private final Revision revision;
  private volatile @Nullable ObjectState state;
  private volatile byte @Nullable [] stateJson;
  private volatile @Nullable Map<String, ObjectId> references;

  RenderedRevision(Revision revision) {
    this.revision = revision;
  }

  TransactionId transaction() {
    return revision.transaction();
  }

  /** What the object held beside its state. */
  Optional<Blob> blob() {
    return revision.blob();
  }

  /** The bytes as they are stored; none if deleted. */
  ByteString raw() {
    return revision.state();
  }

  /** The state; empty if deleted. */
  ObjectState state() throws IOException {
    ObjectState decoded = state;
    if (decoded == null) {
      decoded = revision.deleted() ? ObjectState.EMPTY : StateCodec.decode(revision.state());
      state = decoded;
    }
    return decoded;
  }

  byte[] stateJson() throws IOException {
    byte[] rendered = stateJson;
    if (rendered == null) {
      rendered =
          revision.deleted()
              ? StateJson.deletion(revision.id(), revision.transaction())
              : StateJson.state(revision.id(), revision.transaction(), state());
      stateJson = rendered;
    }
    return rendered;
  }

  /**
   * What the slots refer to: by the slot's name, and for references within a list or map by that, a
   * dot and the element's number or key, and so on. Where two would have one name, the first has
   * it, and slots come before what is in them.
   */
  Map<String, ObjectId> references() throws IOException {
    Map<String, ObjectId> named = references;
    if (named == null) {
      Map<String, ObjectId> found = new LinkedHashMap<>();
      Map<String, SlotValue> slots = state().slots();
      slots.forEach(
          (name, value) -> {
            if (value instanceof SlotValue.Reference reference) {
              found.put(name, reference.target());
            }
          });
      slots.forEach((name, value) -> collect(name, value, found));
      named = Collections.unmodifiableMap(found);
      references = named;
    }
    return named;
  }

  private static void collect(String name, SlotValue value, Map<String, ObjectId> found) {
    if (value instanceof SlotValue.Reference reference) {
      found.putIfAbsent(name, reference.target());
    } else if (value instanceof SlotValue.Sequence list) {
      for (int at = 0; at < list.elements().size(); at++) {
        collect(name + "." + at, list.elements().get(at), found);
      }
    } else if (value instanceof SlotValue.Mapping map) {
      map.entries().forEach((key, entry) -> collect(name + "." + key, entry, found));
    }
  }

  /** Memory it takes, roughly, when all has been asked for. */
  long weightBytes() {
    return FIXED_BYTES + (long) GROWTH * revision.state().size();
  }
}
