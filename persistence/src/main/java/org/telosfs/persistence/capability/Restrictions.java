package org.telosfs.persistence.capability;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.TransactionId;

/**
 * What a capability is restricted to. Every part can only take away.
 *
 * @param rights what may be done
 * @param roots only what is reachable from the objects of these names; empty for everything
 * @param asOf the state after that transaction, for reading alone; empty for the newest
 * @param expires from then on nothing
 * @param bytes how many bytes of states may be put in all
 * @param objects how many objects may be put in all
 */
public record Restrictions(
    Set<Right> rights,
    Optional<SortedSet<String>> roots,
    Optional<TransactionId> asOf,
    Optional<Instant> expires,
    OptionalLong bytes,
    OptionalLong objects) {
  /** Nothing is taken away. */
  public static final Restrictions NONE = new Builder().build();

  public Restrictions {
    rights = Set.copyOf(rights);
    roots = roots.map(TreeSet::new);
    if (bytes.orElse(0) < 0 || objects.orElse(0) < 0) {
      throw new IllegalArgumentException("a quota is not negative");
    }
    if (roots.isPresent() && roots.get().isEmpty()) {
      throw new IllegalArgumentException("a scope names at least one root");
    }
  }

  public boolean allows(Right right) {
    return rights.contains(right);
  }

  /** Puts restrictions together. */
  public static final class Builder {
    private Set<Right> rights = EnumSet.allOf(Right.class);
    private @Nullable SortedSet<String> roots;
    private @Nullable TransactionId asOf;
    private @Nullable Instant expires;
    private OptionalLong bytes = OptionalLong.empty();
    private OptionalLong objects = OptionalLong.empty();

    public Builder rights(Set<Right> only) {
      rights = Set.copyOf(only);
      return this;
    }

    public Builder roots(SortedSet<String> names) {
      roots = new TreeSet<>(names);
      return this;
    }

    public Builder asOf(TransactionId transaction) {
      asOf = transaction;
      return this;
    }

    public Builder expires(Instant when) {
      expires = when;
      return this;
    }

    public Builder bytes(long most) {
      bytes = OptionalLong.of(most);
      return this;
    }

    public Builder objects(long most) {
      objects = OptionalLong.of(most);
      return this;
    }

    public Restrictions build() {
      return new Restrictions(
          rights,
          Optional.ofNullable(roots),
          Optional.ofNullable(asOf),
          Optional.ofNullable(expires),
          bytes,
          objects);
    }
  }
}
