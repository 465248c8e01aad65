package org.telosfs.persistence;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.object.StateFormatException;

/**
 * The roots object's state: an ordinary one, with a slot for each name that refers to the named
 * object.
 */
final class RootsState {

  private RootsState() {}

  static SortedMap<String, ObjectId> decode(Optional<Revision> revision) throws IOException {
    SortedMap<String, ObjectId> roots = new TreeMap<>();
    if (revision.isPresent()) {
      ObjectState state = StateCodec.decode(revision.get().state());
      for (Map.Entry<String, SlotValue> slot : state.slots().entrySet()) {
        if (!(slot.getValue() instanceof SlotValue.Reference reference)) {
          throw new StateFormatException("root '" + slot.getKey() + "' is no reference");
        }
        roots.put(slot.getKey(), reference.target());
      }
    }
    return Collections.unmodifiableSortedMap(roots);
  }

  static ObjectPut encode(SortedMap<String, ObjectId> roots) {
    ObjectState.Builder state = ObjectState.builder();
    roots.forEach(state::slot);
    return StateCodec.put(ObjectId.ROOTS, state.build());
  }

  /** Refuses what cannot be a slot's name. */
  static void requireName(String name) {
    StateCodec.encode(ObjectState.builder().slot(name, SlotValue.NULL).build());
  }

  /** The roots with some names changed; an empty target takes the name away. */
  static SortedMap<String, ObjectId> changed(
      SortedMap<String, ObjectId> roots, Map<String, Optional<ObjectId>> changes) {
    SortedMap<String, ObjectId> changed = new TreeMap<>(roots);
    changes.forEach(
        (name, target) ->
            target.ifPresentOrElse(id -> changed.put(name, id), () -> changed.remove(name)));
    return Collections.unmodifiableSortedMap(changed);
  }
}
