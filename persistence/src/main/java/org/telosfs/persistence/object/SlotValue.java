package org.telosfs.persistence.object;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;

/**
 * What a slot holds. To tell the cases apart, switch over {@link #kind}: a case that is missing
 * then does not compile.
 *
 * <p>Every value that can be made can be encoded, but for lists and maps nested deeper than {@link
 * #MAX_DEPTH} and texts with half a surrogate pair: {@link StateCodec#encode} refuses these.
 */
public sealed interface SlotValue {

  /** A slot's own value is at depth 1; elements of a list or map are one deeper. */
  int MAX_DEPTH = 64;

  /** The magnitude of an integer or of a decimal's digits takes no more bytes than this. */
  int MAX_NUMBER_BYTES = 8192;

  /** A decimal's scale is no further from 0 than this, so that writing it out stays affordable. */
  int MAX_DECIMAL_SCALE = 65_536;

  Kind kind();

  /** The kinds of values. */
  enum Kind {
    NULL,
    BOOLEAN,
    LONG,
    DOUBLE,
    STRING,
    BYTES,
    BIG_INTEGER,
    BIG_DECIMAL,
    INSTANT,
    LIST,
    MAP,
    REFERENCE
  }

  SlotValue NULL = new Null();

  static SlotValue of(boolean value) {
    return new Bool(value);
  }

  static SlotValue of(long value) {
    return new Int64(value);
  }

  static SlotValue of(double value) {
    return new Float64(value);
  }

  static SlotValue of(String value) {
    return new Text(value);
  }

  static SlotValue of(ByteString value) {
    return new Bytes(value);
  }

  static SlotValue of(BigInteger value) {
    return new BigInt(value);
  }

  static SlotValue of(BigDecimal value) {
    return new BigDec(value);
  }

  static SlotValue of(Instant value) {
    return new Time(value);
  }

  static SlotValue of(List<SlotValue> elements) {
    return new Sequence(elements);
  }

  static SlotValue of(Map<String, SlotValue> entries) {
    return new Mapping(entries);
  }

  static SlotValue of(ObjectId target) {
    return new Reference(target);
  }

  /** Nothing: unlike a missing slot, it hides the prototype's value. */
  record Null() implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.NULL;
    }
  }

  record Bool(boolean value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.BOOLEAN;
    }
  }

  record Int64(long value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.LONG;
    }
  }

  record Float64(double value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.DOUBLE;
    }
  }

  record Text(String value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.STRING;
    }
  }

  record Bytes(ByteString value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.BYTES;
    }
  }

  record BigInt(BigInteger value) implements SlotValue {
    public BigInt {
      requireSmall(value);
    }

    @Override
    public Kind kind() {
      return Kind.BIG_INTEGER;
    }
  }

  record BigDec(BigDecimal value) implements SlotValue {
    public BigDec {
      requireSmall(value.unscaledValue());
      if (value.scale() > MAX_DECIMAL_SCALE || value.scale() < -MAX_DECIMAL_SCALE) {
        throw new IllegalArgumentException(
            "decimal scale " + value.scale() + " is further from 0 than " + MAX_DECIMAL_SCALE);
      }
    }

    @Override
    public Kind kind() {
      return Kind.BIG_DECIMAL;
    }
  }

  record Time(Instant value) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.INSTANT;
    }
  }

  record Sequence(List<SlotValue> elements) implements SlotValue {
    public Sequence {
      elements = List.copyOf(elements);
    }

    @Override
    public Kind kind() {
      return Kind.LIST;
    }
  }

  /** Named values, in the order they were given. */
  record Mapping(Map<String, SlotValue> entries) implements SlotValue {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public Kind kind() {
      return Kind.MAP;
    }
  }

  record Reference(ObjectId target) implements SlotValue {
    @Override
    public Kind kind() {
      return Kind.REFERENCE;
    }
  }

  private static void requireSmall(BigInteger value) {
    if (value.bitLength() / Byte.SIZE + 1 > MAX_NUMBER_BYTES) {
      throw new IllegalArgumentException(
          "a number of "
              + value.bitLength()
              + " bits is larger than "
              + MAX_NUMBER_BYTES
              + " bytes");
    }
  }
}
