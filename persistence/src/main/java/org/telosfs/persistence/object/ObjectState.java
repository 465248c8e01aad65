package org.telosfs.persistence.object;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;

/**
 * An object's state: named slots in their order, and perhaps a prototype that answers for the slots
 * it lacks.
 */
public final class ObjectState {

  /** A slot's name is no longer than this in UTF-8, and not empty. */
  public static final int MAX_NAME_BYTES = 4096;

  /** No prototype and no slots. */
  public static final ObjectState EMPTY = builder().build();

  private final @Nullable ObjectId prototype;
  private final Map<String, SlotValue> slots;

  private ObjectState(@Nullable ObjectId prototype, Map<String, SlotValue> slots) {
    this.prototype = prototype;
    this.slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with all of this state. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.prototype = prototype;
    builder.slots.putAll(slots);
    return builder;
  }

  public Optional<ObjectId> prototype() {
    return Optional.ofNullable(prototype);
  }

  /** The slots in their order. */
  public Map<String, SlotValue> slots() {
    return slots;
  }

  /** The object's own slot; the prototype is not asked. */
  public Optional<SlotValue> slot(String name) {
    return Optional.ofNullable(slots.get(name));
  }

  /**
   * Every object this one refers to, once each: the prototype, then the others in the order they
   * are met.
   *
   * @throws IllegalArgumentException if values are nested deeper than {@link SlotValue#MAX_DEPTH}
   */
  public List<ObjectId> references() {
    Set<ObjectId> found = new LinkedHashSet<>();
    prototype().ifPresent(found::add);
    slots.values().forEach(value -> collect(value, 1, found));
    return List.copyOf(found);
  }

  /** The same with every reference led elsewhere, the prototype among them. */
  public ObjectState withReferences(UnaryOperator<ObjectId> elsewhere) {
    Map<String, SlotValue> led = new LinkedHashMap<>();
    slots.forEach((name, value) -> led.put(name, led(value, elsewhere)));
    return new ObjectState(prototype == null ? null : elsewhere.apply(prototype), led);
  }

  private static SlotValue led(SlotValue value, UnaryOperator<ObjectId> elsewhere) {
    if (value instanceof SlotValue.Reference reference) {
      return SlotValue.of(elsewhere.apply(reference.target()));
    }
    if (value instanceof SlotValue.Sequence list) {
      return new SlotValue.Sequence(
          list.elements().stream().map(element -> led(element, elsewhere)).toList());
    }
    if (value instanceof SlotValue.Mapping map) {
      Map<String, SlotValue> entries = new LinkedHashMap<>();
      map.entries().forEach((key, entry) -> entries.put(key, led(entry, elsewhere)));
      return new SlotValue.Mapping(entries);
    }
    return value;
  }

  private static void collect(SlotValue value, int depth, Set<ObjectId> found) {
    if (depth > SlotValue.MAX_DEPTH) {
      throw new IllegalArgumentException("values are nested deeper than " + SlotValue.MAX_DEPTH);
    }
    if (value instanceof SlotValue.Reference reference) {
      found.add(reference.target());
    } else if (value instanceof SlotValue.Sequence list) {
      list.elements().forEach(element -> collect(element, depth + 1, found));
    } else if (value instanceof SlotValue.Mapping map) {
      map.entries().values().forEach(entry -> collect(entry, depth + 1, found));
    }
  }

  /** Equal prototype, and equal slots in the same order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectState that
        && prototype().equals(that.prototype())
        && List.copyOf(slots.entrySet()).equals(List.copyOf(that.slots.entrySet()));
  }

  @Override
  public int hashCode() {
    return 31 * prototype().hashCode() + slots.hashCode();
  }

  @Override
  public String toString() {
    return "ObjectState[prototype=" + prototype + ", slots=" + slots + "]";
  }

  /** Collects slots; used by one thread. */
  public static final class Builder {

    private @Nullable ObjectId prototype;
    private final Map<String, SlotValue> slots = new LinkedHashMap<>();

    private Builder() {}

    public Builder prototype(ObjectId id) {
      prototype = id;
      return this;
    }

    public Builder noPrototype() {
      prototype = null;
      return this;
    }

    /** Sets a slot; one that exists keeps its place in the order. */
    public Builder slot(String name, SlotValue value) {
      slots.put(name, value);
      return this;
    }

    public Builder slot(String name, String value) {
      return slot(name, SlotValue.of(value));
    }

    public Builder slot(String name, long value) {
      return slot(name, SlotValue.of(value));
    }

    public Builder slot(String name, ObjectId target) {
      return slot(name, SlotValue.of(target));
    }

    public Builder remove(String name) {
      slots.remove(name);
      return this;
    }

    public ObjectState build() {
      return new ObjectState(prototype, slots);
    }
  }
}
