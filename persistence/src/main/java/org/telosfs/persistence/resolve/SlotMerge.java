package org.telosfs.persistence.resolve;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;

/**
 * Merges slot by slot: one that only one side has changed is as that side has it, and one that both
 * have changed is left to a {@link ValueMerge}. A slot that is missing in one of the three states
 * and that both sides have changed is a conflict.
 */
public final class SlotMerge implements ConflictResolver {

  private final ValueMerge values;

  public SlotMerge(ValueMerge values) {
    this.values = values;
  }

  /** Merges values of which no two are equal, or only those of the two sides. */
  @FunctionalInterface
  public interface ValueMerge {

    /** The value with the effect of both; empty if there is none. */
    Optional<SlotValue> merge(SlotValue base, SlotValue committed, SlotValue own);
  }

  @Override
  public Optional<ObjectState> merge(ObjectState base, ObjectState committed, ObjectState own) {
    ObjectState.Builder merged = committed.toBuilder();
    Set<String> names = new LinkedHashSet<>(base.slots().keySet());
    names.addAll(own.slots().keySet());
    for (String name : names) {
      Optional<SlotValue> before = base.slot(name);
      Optional<SlotValue> theirs = committed.slot(name);
      Optional<SlotValue> ours = own.slot(name);
      if (ours.equals(before)) {
        continue;
      }
      if (theirs.equals(before)) {
        ours.ifPresentOrElse(value -> merged.slot(name, value), () -> merged.remove(name));
        continue;
      }
      Optional<SlotValue> both =
          before.flatMap(
              was -> theirs.flatMap(their -> ours.flatMap(our -> values.merge(was, their, our))));
      if (both.isEmpty()) {
        return Optional.empty();
      }
      merged.slot(name, both.get());
    }
    return Optional.of(merged.build());
  }
}
