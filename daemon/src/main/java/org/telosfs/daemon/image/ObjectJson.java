package org.telosfs.daemon.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;

/**
 * An object's state as a JSON object: a member for each slot. What JSON has no word for is an
 * object with one member whose name starts with {@code $}:
 *
 * <pre>
 * {"$ref": OID}   a reference            {"$instant": ISO-8601}   a time
 * {"$bytes": BASE64}                     {"$double": "NaN"}       NaN, Infinity, -Infinity
 * </pre>
 *
 * <p>The member {@code "$prototype": OID} of the object itself is its prototype. Whole numbers and
 * decimals keep every digit. A slot's or key's own name that starts with {@code $} is written with
 * one {@code $} more.
 */
public final class ObjectJson {
  private static final String PROTOTYPE = "$prototype";
  private static final String REFERENCE = "$ref";
  private static final String BYTES = "$bytes";
  private static final String INSTANT = "$instant";
  private static final String DOUBLE = "$double";
  private static final String ESCAPE = "$";

  private ObjectJson() {}

  /**
   * The state that a JSON object describes.
   *
   * @throws IllegalArgumentException if it describes none, with the reason
   */
  public static ObjectState toState(ObjectNode json) {
    ObjectState.Builder state = ObjectState.builder();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (!member.getKey().equals(PROTOTYPE)) {
        state.slot(unescaped(member.getKey()), value(member.getValue(), 1));
      } else if (!member.getValue().isNull()) {
        state.prototype(ObjectId.parse(text(member.getValue(), PROTOTYPE)));
      }
    }
    return state.build();
  }

  /** The state as JSON; {@link #toState} makes an equal state of it. */
  public static ObjectNode toJson(ObjectState state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    state.prototype().ifPresent(id -> json.put(PROTOTYPE, id.toString()));
    state.slots().forEach((name, value) -> json.set(escaped(name), json(value)));
    return json;
  }

  private static SlotValue value(JsonNode json, int depth) {
    if (depth > SlotValue.MAX_DEPTH) {
      throw new IllegalArgumentException("values are nested deeper than " + SlotValue.MAX_DEPTH);
    }
    return switch (json.getNodeType()) {
      case NULL, MISSING -> SlotValue.NULL;
      case BOOLEAN -> SlotValue.of(json.booleanValue());
      case STRING -> SlotValue.of(json.textValue());
      case NUMBER -> number(json);
      case ARRAY -> sequence(json, depth);
      case OBJECT -> special(json, depth);
      case BINARY, POJO ->
          throw new IllegalArgumentException(json.getNodeType() + " does not come from JSON");
    };
  }

  private static SlotValue number(JsonNode json) {
    if (json.isIntegralNumber()) {
      return json.canConvertToLong()
          ? SlotValue.of(json.longValue())
          : SlotValue.of(json.bigIntegerValue());
    }
    BigDecimal exact = json.decimalValue();
    double near = exact.doubleValue();
    boolean same = Double.isFinite(near) && BigDecimal.valueOf(near).compareTo(exact) == 0;
    return same ? SlotValue.of(near) : SlotValue.of(exact);
  }

  private static SlotValue sequence(JsonNode json, int depth) {
    List<SlotValue> elements = new ArrayList<>();
    for (JsonNode element : json) {
      elements.add(value(element, depth + 1));
    }
    return SlotValue.of(elements);
  }

  private static SlotValue special(JsonNode json, int depth) {
    if (json.size() != 1) {
      return mapping(json, depth);
    }
    Map.Entry<String, JsonNode> only = json.properties().iterator().next();
    JsonNode content = only.getValue();
    return switch (only.getKey()) {
      case REFERENCE -> SlotValue.of(ObjectId.parse(text(content, REFERENCE)));
      case BYTES -> SlotValue.of(ByteString.copyOf(bytes(content)));
      case INSTANT -> SlotValue.of(instant(text(content, INSTANT)));
      case DOUBLE -> SlotValue.of(nonFinite(text(content, DOUBLE)));
      default -> mapping(json, depth);
    };
  }

  private static SlotValue mapping(JsonNode json, int depth) {
    Map<String, SlotValue> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      entries.put(unescaped(member.getKey()), value(member.getValue(), depth + 1));
    }
    return SlotValue.of(entries);
  }

  private static String text(JsonNode json, String what) {
    if (!json.isTextual()) {
      throw new IllegalArgumentException(what + " takes a text, not " + json);
    }
    return json.textValue();
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return Base64.getDecoder().decode(text(json, BYTES));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(BYTES + " takes base64, not " + json, malformed);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          INSTANT + " takes a time like 2026-01-31T12:00:00Z, not '" + text + "'", malformed);
    }
  }

  private static double nonFinite(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          throw new IllegalArgumentException(
              DOUBLE + " takes NaN, Infinity or -Infinity, not '" + text + "'");
    };
  }

  private static JsonNode json(SlotValue value) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (value.kind()) {
      case NULL -> make.nullNode();
      case BOOLEAN -> make.booleanNode(((SlotValue.Bool) value).value());
      case LONG -> make.numberNode(((SlotValue.Int64) value).value());
      case DOUBLE -> json(((SlotValue.Float64) value).value());
      case STRING -> make.textNode(((SlotValue.Text) value).value());
      case BYTES ->
          special(
              BYTES,
              Base64.getEncoder().encodeToString(((SlotValue.Bytes) value).value().toByteArray()));
      case BIG_INTEGER -> make.numberNode(((SlotValue.BigInt) value).value());
      case BIG_DECIMAL -> make.numberNode(((SlotValue.BigDec) value).value());
      case INSTANT -> special(INSTANT, ((SlotValue.Time) value).value().toString());
      case LIST -> json((SlotValue.Sequence) value);
      case MAP -> json((SlotValue.Mapping) value);
      case REFERENCE -> special(REFERENCE, ((SlotValue.Reference) value).target().toString());
    };
  }

  private static JsonNode json(double value) {
    return Double.isFinite(value)
        ? JsonNodeFactory.instance.numberNode(value)
        : special(DOUBLE, Double.toString(value));
  }

  private static JsonNode json(SlotValue.Sequence list) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    list.elements().forEach(element -> array.add(json(element)));
    return array;
  }

  private static JsonNode json(SlotValue.Mapping map) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    map.entries().forEach((name, entry) -> members.set(escaped(name), json(entry)));
    return members;
  }

  private static String escaped(String name) {
    return name.startsWith(ESCAPE) ? ESCAPE + name : name;
  }

  private static String unescaped(String name) {
    if (!name.startsWith(ESCAPE)) {
      return name;
    }
    if (!name.startsWith(ESCAPE + ESCAPE)) {
      throw new IllegalArgumentException(
          "'" + name + "' has no meaning here; a name that starts with $ is written with one more");
    }
    return name.substring(1);
  }

  private static ObjectNode special(String name, String text) {
    return JsonNodeFactory.instance.objectNode().put(name, text);
  }
}
