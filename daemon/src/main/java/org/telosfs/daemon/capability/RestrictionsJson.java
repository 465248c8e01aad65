package org.telosfs.daemon.capability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.capability.Restrictions;
import org.telosfs.persistence.capability.Right;

/**
 * Restrictions as JSON: {@code {rights, roots, asOf, expires, bytes, objects}}, each if it
 * restricts.
 */
public final class RestrictionsJson {
  private RestrictionsJson() {}

  public static void put(Restrictions restrictions, ObjectNode into) {
    ArrayNode rights = into.putArray("rights");
    for (Right right : Right.values()) {
      if (restrictions.allows(right)) {
        rights.add(name(right));
      }
    }
    restrictions
        .roots()
        .ifPresent(
            names -> {
              ArrayNode roots = into.putArray("roots");
              names.forEach(roots::add);
            });
    restrictions.asOf().ifPresent(id -> into.put("asOf", id.toString()));
    restrictions.expires().ifPresent(end -> into.put("expires", end.toString()));
    restrictions.bytes().ifPresent(most -> into.put("bytes", most));
    restrictions.objects().ifPresent(most -> into.put("objects", most));
  }

  static Restrictions get(JsonNode from) {
    Restrictions.Builder builder = new Restrictions.Builder();
    Set<Right> rights = EnumSet.noneOf(Right.class);
    from.path("rights")
        .forEach(each -> rights.add(Right.valueOf(each.asText().toUpperCase(Locale.ROOT))));
    builder.rights(rights);
    if (from.hasNonNull("roots")) {
      SortedSet<String> roots = new TreeSet<>();
      from.path("roots").forEach(each -> roots.add(each.asText()));
      builder.roots(roots);
    }
    if (from.hasNonNull("asOf")) {
      builder.asOf(TransactionId.parse(from.path("asOf").asText()));
    }
    if (from.hasNonNull("expires")) {
      builder.expires(Instant.parse(from.path("expires").asText()));
    }
    if (from.hasNonNull("bytes")) {
      builder.bytes(from.path("bytes").asLong());
    }
    if (from.hasNonNull("objects")) {
      builder.objects(from.path("objects").asLong());
    }
    return builder.build();
  }

  public static String name(Right right) {
    return right.name().toLowerCase(Locale.ROOT);
  }
}
