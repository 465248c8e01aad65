package org.telosfs.persistence.object;

import com.esotericsoftware.kryo.io.Output;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Writes one state. */
final class StateWriter {

  private final Output output;

  StateWriter(Output output) {
    this.output = output;
  }

  void write(ObjectState state) {
    output.writeByte(StateFormat.VERSION);
    output.writeByte(state.prototype().isPresent() ? StateFormat.HAS_PROTOTYPE : 0);
    state.prototype().ifPresent(prototype -> writeU64(prototype.value()));
    output.writeVarInt(state.slots().size(), true);
    state.slots().forEach(this::writeSlot);
  }

  private void writeSlot(String name, SlotValue value) {
    byte[] bytes = utf8(name);
    if (bytes.length == 0 || bytes.length > ObjectState.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a slot's name has 1 to " + ObjectState.MAX_NAME_BYTES + " bytes, not " + bytes.length);
    }
    writeBytes(bytes);
    writeValue(value, 1);
  }

  private void writeValue(SlotValue value, int depth) {
    if (depth > SlotValue.MAX_DEPTH) {
      throw new IllegalArgumentException("values are nested deeper than " + SlotValue.MAX_DEPTH);
    }
    switch (value.kind()) {
      case NULL -> output.writeByte(StateFormat.TAG_NULL);
      case BOOLEAN ->
          output.writeByte(
              ((SlotValue.Bool) value).value() ? StateFormat.TAG_TRUE : StateFormat.TAG_FALSE);
      case LONG -> {
        output.writeByte(StateFormat.TAG_LONG);
        writeU64(((SlotValue.Int64) value).value());
      }
      case DOUBLE -> {
        output.writeByte(StateFormat.TAG_DOUBLE);
        writeU64(Double.doubleToLongBits(((SlotValue.Float64) value).value()));
      }
      case STRING -> {
        output.writeByte(StateFormat.TAG_STRING);
        writeBytes(utf8(((SlotValue.Text) value).value()));
      }
      case BYTES -> {
        output.writeByte(StateFormat.TAG_BYTES);
        writeBytes(((SlotValue.Bytes) value).value().toByteArray());
      }
      case BIG_INTEGER -> {
        output.writeByte(StateFormat.TAG_BIG_INTEGER);
        writeBytes(((SlotValue.BigInt) value).value().toByteArray());
      }
      case BIG_DECIMAL -> {
        BigDecimal decimal = ((SlotValue.BigDec) value).value();
        output.writeByte(StateFormat.TAG_BIG_DECIMAL);
        writeS32(decimal.scale());
        writeBytes(decimal.unscaledValue().toByteArray());
      }
      case INSTANT -> {
        Instant time = ((SlotValue.Time) value).value();
        output.writeByte(StateFormat.TAG_INSTANT);
        writeU64(time.getEpochSecond());
        writeS32(time.getNano());
      }
      case LIST -> {
        SlotValue.Sequence list = (SlotValue.Sequence) value;
        output.writeByte(StateFormat.TAG_LIST);
        output.writeVarInt(list.elements().size(), true);
        for (SlotValue element : list.elements()) {
          writeValue(element, depth + 1);
        }
      }
      case MAP -> {
        SlotValue.Mapping map = (SlotValue.Mapping) value;
        output.writeByte(StateFormat.TAG_MAP);
        output.writeVarInt(map.entries().size(), true);
        for (Map.Entry<String, SlotValue> entry : map.entries().entrySet()) {
          writeBytes(utf8(entry.getKey()));
          writeValue(entry.getValue(), depth + 1);
        }
      }
      case REFERENCE -> {
        output.writeByte(StateFormat.TAG_REFERENCE);
        writeU64(((SlotValue.Reference) value).target().value());
      }
    }
  }

  private void writeBytes(byte[] bytes) {
    output.writeVarInt(bytes.length, true);
    output.writeBytes(bytes);
  }

  private void writeU64(long value) {
    output.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private void writeS32(int value) {
    output.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text holds half a surrogate pair", e);
    }
  }
}
