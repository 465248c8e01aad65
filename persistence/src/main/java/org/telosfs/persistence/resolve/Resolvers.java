package org.telosfs.persistence.resolve;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The resolvers a store knows, by the names that prototypes call them. */
public final class Resolvers {

  /** The slot of a prototype that names the resolver of the objects that have it. */
  public static final String SLOT = "resolver";

  /** Integers to which both transactions add. */
  public static final String COUNTER = "counter";

  /** Lists that are sets, to which both add and from which both take. */
  public static final String SET = "set";

  /** Lists to which both append. */
  public static final String APPEND_ONLY_LIST = "append-only-list";

  /** Those alone that are built in. */
  public static final Resolvers BUILT_IN =
      new Resolvers(
          Map.of(
              COUNTER, new SlotMerge(ValueMerges::counter),
              SET, new SlotMerge(ValueMerges::set),
              APPEND_ONLY_LIST, new SlotMerge(ValueMerges::appendOnlyList)));

  private final Map<String, ConflictResolver> byName;

  private Resolvers(Map<String, ConflictResolver> byName) {
    this.byName = Map.copyOf(byName);
  }

  /** These and one more, in place of the one that has the name. */
  public Resolvers with(String name, ConflictResolver resolver) {
    Map<String, ConflictResolver> more = new TreeMap<>(byName);
    more.put(name, resolver);
    return new Resolvers(more);
  }

  public Optional<ConflictResolver> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
