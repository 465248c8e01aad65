package org.telosfs.persistence;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.object.StateFormatException;
import org.telosfs.persistence.resolve.ConflictResolver;
import org.telosfs.persistence.resolve.Resolvers;

/**
 * Merges two states of an object by the resolver that its prototype names. Whatever stands against
 * it makes it a conflict: a state that is not an {@link ObjectState}, another prototype, no
 * resolver, or one that refuses or fails.
 */
final class StateMerge {

  private static final System.Logger LOG = System.getLogger(StateMerge.class.getName());

  private static final int MAX_DELEGATIONS = 64;

  private final Resolvers resolvers;

  StateMerge(Resolvers resolvers) {
    this.resolvers = resolvers;
  }

  /** Newest states, by which prototypes are looked up. */
  interface States {
    Optional<ByteString> of(ObjectId id) throws IOException;
  }

  /**
   * The merged state with its own references; empty if there is none.
   *
   * @param base what both sides began with
   */
  Optional<ObjectPut> merge(ObjectPut base, ObjectPut committed, ObjectPut own, States newest) {
    ObjectId id = own.id();
    if (!base.blob().equals(committed.blob()) && !base.blob().equals(own.blob())) {
      return Optional.empty();
    }
    Optional<Blob> blob = base.blob().equals(own.blob()) ? committed.blob() : own.blob();
    try {
      ObjectState theirs = StateCodec.decode(committed.state());
      Optional<ConflictResolver> resolver = resolver(theirs, newest);
      if (resolver.isEmpty()) {
        return Optional.empty();
      }
      ObjectState was = StateCodec.decode(base.state());
      ObjectState ours = StateCodec.decode(own.state());
      if (!was.prototype().equals(theirs.prototype())
          || !ours.prototype().equals(theirs.prototype())) {
        return Optional.empty();
      }
      return resolver
          .get()
          .merge(was, theirs, ours)
          .map(state -> StateCodec.put(id, state).withBlob(blob));
    } catch (StateFormatException opaque) {
      LOG.log(System.Logger.Level.DEBUG, "a state of " + id + " cannot be merged", opaque);
      return Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      LOG.log(System.Logger.Level.WARNING, "merging " + id + " failed and is a conflict", e);
      return Optional.empty();
    }
  }

  private Optional<ConflictResolver> resolver(ObjectState state, States newest) throws IOException {
    Set<ObjectId> asked = new HashSet<>();
    Optional<ObjectId> prototype = state.prototype();
    while (prototype.isPresent() && asked.add(prototype.get()) && asked.size() <= MAX_DELEGATIONS) {
      Optional<ByteString> bytes = newest.of(prototype.get());
      if (bytes.isEmpty()) {
        break;
      }
      ObjectState delegate = StateCodec.decode(bytes.get());
      Optional<SlotValue> slot = delegate.slot(Resolvers.SLOT);
      if (slot.isPresent()) {
        return slot.get() instanceof SlotValue.Text name
            ? resolvers.named(name.value())
            : Optional.empty();
      }
      prototype = delegate.prototype();
    }
    return Optional.empty();
  }
}
