package org.telosfs.persistence.resolve;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.telosfs.persistence.object.SlotValue;

/** How the built-in resolvers merge a value that both sides have changed. */
final class ValueMerges {

  private ValueMerges() {}

  /** Adds both differences. An integer of 64 bits that would not fit is a conflict. */
  static Optional<SlotValue> counter(SlotValue base, SlotValue committed, SlotValue own) {
    if (base instanceof SlotValue.Int64 was
        && committed instanceof SlotValue.Int64 theirs
        && own instanceof SlotValue.Int64 ours) {
      try {
        long difference = Math.subtractExact(ours.value(), was.value());
        return Optional.of(SlotValue.of(Math.addExact(theirs.value(), difference)));
      } catch (ArithmeticException overflow) {
        return Optional.empty();
      }
    }
    if (base instanceof SlotValue.BigInt was
        && committed instanceof SlotValue.BigInt theirs
        && own instanceof SlotValue.BigInt ours) {
      BigInteger difference = ours.value().subtract(was.value());
      return Optional.of(SlotValue.of(theirs.value().add(difference)));
    }
    return Optional.empty();
  }

  /**
   * Lists as sets: what either side has added is in, what either has taken out is not. The order is
   * that of what was committed, and then what the own side has added.
   */
  static Optional<SlotValue> set(SlotValue base, SlotValue committed, SlotValue own) {
    if (base instanceof SlotValue.Sequence was
        && committed instanceof SlotValue.Sequence theirs
        && own instanceof SlotValue.Sequence ours) {
      Set<SlotValue> before = new LinkedHashSet<>(was.elements());
      Set<SlotValue> wanted = new LinkedHashSet<>(ours.elements());
      Set<SlotValue> merged = new LinkedHashSet<>(theirs.elements());
      merged.removeIf(element -> before.contains(element) && !wanted.contains(element));
      for (SlotValue element : wanted) {
        if (!before.contains(element)) {
          merged.add(element);
        }
      }
      return Optional.of(SlotValue.of(List.copyOf(merged)));
    }
    return Optional.empty();
  }

  /** What the own side has appended comes behind what was committed; only appending is merged. */
  static Optional<SlotValue> appendOnlyList(SlotValue base, SlotValue committed, SlotValue own) {
    if (base instanceof SlotValue.Sequence was
        && committed instanceof SlotValue.Sequence theirs
        && own instanceof SlotValue.Sequence ours
        && startsWith(theirs.elements(), was.elements())
        && startsWith(ours.elements(), was.elements())) {
      List<SlotValue> merged = new ArrayList<>(theirs.elements());
      merged.addAll(ours.elements().subList(was.elements().size(), ours.elements().size()));
      return Optional.of(SlotValue.of(merged));
    }
    return Optional.empty();
  }

  private static boolean startsWith(List<SlotValue> list, List<SlotValue> start) {
    return list.size() >= start.size() && list.subList(0, start.size()).equals(start);
  }
}
