package org.telosfs.persistence.object;

/**
 * The bytes of a state, version 1; {@code docs/formats/object-state.md} says the same in prose.
 *
 * <pre>
 * state     = version:u8 flags:u8 [prototype:u64] count:varint slot*        flags: bit 0 = has a prototype
 * slot      = name:text value
 * value     = tag:u8 body
 * text      = bytes:varint UTF-8
 * varint    = 7 bits a byte, low bits first, at most 5 bytes, the value at most 2^31 - 1; u64 and s32 are big-endian
 * </pre>
 */
final class StateFormat {

  static final int VERSION = 1;

  static final int HAS_PROTOTYPE = 1;

  /** The fewest bytes of a slot: an empty name cannot be, so a length, one byte, a tag. */
  static final int MIN_SLOT_BYTES = 3;

  /** The fewest bytes of an element of a list: a tag. */
  static final int MIN_ELEMENT_BYTES = 1;

  /** The fewest bytes of an entry of a map: the length of an empty key, and a tag. */
  static final int MIN_ENTRY_BYTES = 2;

  /** On disk: append, never renumber. 0 stays unused, so that zeros are no state. */
  static final int TAG_NULL = 1;

  static final int TAG_FALSE = 2;
  static final int TAG_TRUE = 3;
  static final int TAG_LONG = 4;
  static final int TAG_DOUBLE = 5;
  static final int TAG_STRING = 6;
  static final int TAG_BYTES = 7;
  static final int TAG_BIG_INTEGER = 8;
  static final int TAG_BIG_DECIMAL = 9;
  static final int TAG_INSTANT = 10;
  static final int TAG_LIST = 11;
  static final int TAG_MAP = 12;
  static final int TAG_REFERENCE = 13;

  private StateFormat() {}
}
