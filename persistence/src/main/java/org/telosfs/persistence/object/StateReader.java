package org.telosfs.persistence.object;

import com.esotericsoftware.kryo.io.Input;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;

/**
 * Reads one state. Each length and count is held against the bytes that are left before anything is
 * allocated.
 */
final class StateReader {

  private static final int VARINT_MAX_SHIFT = 28;

  private final Input input;
  private final int limit;

  StateReader(Input input, int limit) {
    this.input = input;
    this.limit = limit;
  }

  ObjectState read() throws StateFormatException {
    int version = input.readByteUnsigned();
    if (version != StateFormat.VERSION) {
      throw new StateFormatException(
          "state format version " + version + " is not " + StateFormat.VERSION);
    }
    int flags = input.readByteUnsigned();
    if ((flags & ~StateFormat.HAS_PROTOTYPE) != 0) {
      throw malformed("unknown flags 0x" + Integer.toHexString(flags));
    }
    ObjectState.Builder builder = ObjectState.builder();
    if ((flags & StateFormat.HAS_PROTOTYPE) != 0) {
      builder.prototype(readId());
    }
    int count = readCount(StateFormat.MIN_SLOT_BYTES);
    for (int slot = 0; slot < count; slot++) {
      readSlot(builder);
    }
    ObjectState state = builder.build();
    if (state.slots().size() != count) {
      throw malformed("a slot's name appears twice");
    }
    if (remaining() != 0) {
      throw malformed(remaining() + " bytes follow the last slot");
    }
    return state;
  }

  private void readSlot(ObjectState.Builder builder) throws StateFormatException {
    int at = input.position();
    String name = readText();
    int bytes = input.position() - at;
    if (name.isEmpty() || bytes > ObjectState.MAX_NAME_BYTES + Short.BYTES) {
      throw malformed("a slot's name of " + bytes + " bytes");
    }
    builder.slot(name, readValue(1));
  }

  private SlotValue readValue(int depth) throws StateFormatException {
    if (depth > SlotValue.MAX_DEPTH) {
      throw malformed("values nested deeper than " + SlotValue.MAX_DEPTH);
    }
    int tag = input.readByteUnsigned();
    return switch (tag) {
      case StateFormat.TAG_NULL -> SlotValue.NULL;
      case StateFormat.TAG_FALSE -> SlotValue.of(false);
      case StateFormat.TAG_TRUE -> SlotValue.of(true);
      case StateFormat.TAG_LONG -> SlotValue.of(readU64());
      case StateFormat.TAG_DOUBLE -> SlotValue.of(Double.longBitsToDouble(readU64()));
      case StateFormat.TAG_STRING -> SlotValue.of(readText());
      case StateFormat.TAG_BYTES -> SlotValue.of(ByteString.copyOf(readBytes(limit)));
      case StateFormat.TAG_BIG_INTEGER -> SlotValue.of(readInteger());
      case StateFormat.TAG_BIG_DECIMAL -> readDecimal();
      case StateFormat.TAG_INSTANT -> readInstant();
      case StateFormat.TAG_LIST -> readList(depth);
      case StateFormat.TAG_MAP -> readMap(depth);
      case StateFormat.TAG_REFERENCE -> SlotValue.of(readId());
      default -> throw malformed("unknown value tag " + tag);
    };
  }

  private SlotValue readList(int depth) throws StateFormatException {
    int count = readCount(StateFormat.MIN_ELEMENT_BYTES);
    List<SlotValue> elements = new ArrayList<>();
    for (int element = 0; element < count; element++) {
      elements.add(readValue(depth + 1));
    }
    return SlotValue.of(elements);
  }

  private SlotValue readMap(int depth) throws StateFormatException {
    int count = readCount(StateFormat.MIN_ENTRY_BYTES);
    Map<String, SlotValue> entries = new LinkedHashMap<>();
    for (int entry = 0; entry < count; entry++) {
      String key = readText();
      if (entries.put(key, readValue(depth + 1)) != null) {
        throw malformed("a key appears twice in a map");
      }
    }
    return SlotValue.of(entries);
  }

  private BigInteger readInteger() throws StateFormatException {
    byte[] bytes = readBytes(SlotValue.MAX_NUMBER_BYTES);
    if (bytes.length == 0) {
      throw malformed("a number without digits");
    }
    BigInteger value = new BigInteger(bytes);
    if (value.toByteArray().length != bytes.length) {
      throw malformed("a number with needless leading bytes");
    }
    return value;
  }

  private SlotValue readDecimal() throws StateFormatException {
    int scale = readS32();
    if (scale > SlotValue.MAX_DECIMAL_SCALE || scale < -SlotValue.MAX_DECIMAL_SCALE) {
      throw malformed("decimal scale " + scale);
    }
    return SlotValue.of(new BigDecimal(readInteger(), scale));
  }

  private SlotValue readInstant() throws StateFormatException {
    long seconds = readU64();
    int nanos = readS32();
    if (nanos < 0 || nanos > 999_999_999) {
      throw malformed(nanos + " nanoseconds of a second");
    }
    try {
      return SlotValue.of(Instant.ofEpochSecond(seconds, nanos));
    } catch (DateTimeException e) {
      StateFormatException failure = malformed("second " + seconds + " is out of range");
      failure.initCause(e);
      throw failure;
    }
  }

  private ObjectId readId() throws StateFormatException {
    long value = readU64();
    if (value <= 0) {
      throw malformed("object id " + value);
    }
    return new ObjectId(value);
  }

  private String readText() throws StateFormatException {
    byte[] bytes = readBytes(limit);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StateFormatException failure = malformed("a text that is not UTF-8");
      failure.initCause(e);
      throw failure;
    }
  }

  private byte[] readBytes(int most) throws StateFormatException {
    int count = readCount(1);
    if (count > most) {
      throw malformed(count + " bytes where at most " + most + " may be");
    }
    return input.readBytes(count);
  }

  /** A count of things that take at least so many bytes each. */
  private int readCount(int bytesEach) throws StateFormatException {
    int count = readVarint();
    if (count > remaining() / bytesEach) {
      throw malformed("a count of " + count + " with " + remaining() + " bytes left");
    }
    return count;
  }

  private int readVarint() throws StateFormatException {
    long value = 0;
    for (int shift = 0; shift <= VARINT_MAX_SHIFT; shift += 7) {
      int next = input.readByteUnsigned();
      value |= (long) (next & 0x7F) << shift;
      if ((next & 0x80) == 0) {
        if (value > Integer.MAX_VALUE || (next == 0 && shift > 0)) {
          throw malformed("a length that is not in its shortest form or is too large");
        }
        return (int) value;
      }
    }
    throw malformed("a length of more than 5 bytes");
  }

  private long readU64() {
    return ByteBuffer.wrap(input.readBytes(Long.BYTES)).getLong();
  }

  private int readS32() {
    return ByteBuffer.wrap(input.readBytes(Integer.BYTES)).getInt();
  }

  private int remaining() {
    return limit - input.position();
  }

  private StateFormatException malformed(String what) {
    return new StateFormatException(what + " before byte " + input.position() + " of the state");
  }
}
