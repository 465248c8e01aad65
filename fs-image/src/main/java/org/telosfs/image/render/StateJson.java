package org.telosfs.image.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;

/**
 * Object states as JSON, without the application's classes. What JSON has no word for is an object
 * with one member whose name starts with {@code $}:
 *
 * <pre>
 * {"$ref": OID}   a reference            {"$instant": ISO-8601}   a time
 * {"$bytes": BASE64}                     {"$double": "NaN"}       NaN, Infinity, -Infinity
 * {"$map": {..}}  a map that has names starting with $
 * </pre>
 *
 * <p>Whole numbers and decimals keep every digit.
 */
public final class StateJson {

  private StateJson() {}

  /** {@code {"oid", "tid", "prototype", "slots"}}; slots in their order. */
  public static byte[] state(ObjectId id, TransactionId transaction, ObjectState state) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("oid", id.toString());
          json.writeStringField("tid", transaction.toString());
          if (state.prototype().isPresent()) {
            json.writeStringField("prototype", state.prototype().get().toString());
          } else {
            json.writeNullField("prototype");
          }
          json.writeObjectFieldStart("slots");
          for (Map.Entry<String, SlotValue> slot : state.slots().entrySet()) {
            json.writeFieldName(slot.getKey());
            write(slot.getValue(), json);
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /** What is left of an object that the transaction deleted. */
  public static byte[] deletion(ObjectId id, TransactionId transaction) {
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("oid", id.toString());
          json.writeStringField("tid", transaction.toString());
          json.writeBooleanField("deleted", true);
          json.writeEndObject();
        });
  }

  /**
   * One slot with a newline at its end: null, booleans, numbers, strings and instants as bare text,
   * the others as JSON.
   */
  public static byte[] slot(SlotValue value) {
    return switch (value.kind()) {
      case NULL -> line("null");
      case BOOLEAN -> line(String.valueOf(((SlotValue.Bool) value).value()));
      case LONG -> line(String.valueOf(((SlotValue.Int64) value).value()));
      case DOUBLE -> line(String.valueOf(((SlotValue.Float64) value).value()));
      case STRING -> line(((SlotValue.Text) value).value());
      case BIG_INTEGER -> line(((SlotValue.BigInt) value).value().toString());
      case BIG_DECIMAL -> line(((SlotValue.BigDec) value).value().toString());
      case INSTANT -> line(((SlotValue.Time) value).value().toString());
      case BYTES, LIST, MAP, REFERENCE -> JsonText.of(json -> write(value, json));
    };
  }

  /** A text with a newline at its end. */
  public static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(SlotValue value, JsonGenerator json) throws IOException {
    switch (value.kind()) {
      case NULL -> json.writeNull();
      case BOOLEAN -> json.writeBoolean(((SlotValue.Bool) value).value());
      case LONG -> json.writeNumber(((SlotValue.Int64) value).value());
      case DOUBLE -> writeDouble(((SlotValue.Float64) value).value(), json);
      case STRING -> json.writeString(((SlotValue.Text) value).value());
      case BIG_INTEGER -> json.writeNumber(((SlotValue.BigInt) value).value());
      case BIG_DECIMAL -> json.writeNumber(((SlotValue.BigDec) value).value());
      case INSTANT -> tagged("$instant", ((SlotValue.Time) value).value().toString(), json);
      case REFERENCE -> tagged("$ref", ((SlotValue.Reference) value).target().toString(), json);
      case BYTES -> {
        json.writeStartObject();
        json.writeBinaryField("$bytes", ((SlotValue.Bytes) value).value().toByteArray());
        json.writeEndObject();
      }
      case LIST -> {
        json.writeStartArray();
        for (SlotValue element : ((SlotValue.Sequence) value).elements()) {
          write(element, json);
        }
        json.writeEndArray();
      }
      case MAP -> writeMap(((SlotValue.Mapping) value).entries(), json);
    }
  }

  private static void writeDouble(double value, JsonGenerator json) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      tagged("$double", String.valueOf(value), json);
    }
  }

  private static void writeMap(Map<String, SlotValue> entries, JsonGenerator json)
      throws IOException {
    boolean wrapped = entries.keySet().stream().anyMatch(name -> name.startsWith("$"));
    json.writeStartObject();
    if (wrapped) {
      json.writeObjectFieldStart("$map");
    }
    for (Map.Entry<String, SlotValue> entry : entries.entrySet()) {
      json.writeFieldName(entry.getKey());
      write(entry.getValue(), json);
    }
    if (wrapped) {
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void tagged(String tag, String text, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(tag, text);
    json.writeEndObject();
  }
}
