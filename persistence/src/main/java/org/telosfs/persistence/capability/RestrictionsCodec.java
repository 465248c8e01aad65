package org.telosfs.persistence.capability;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.TransactionId;

/**
 * Restrictions as bytes, big-endian: parts in this order, each at most once.
 *
 * <pre>
 *   1 rights:u8          bits of {@link Right}
 *   2 count:u16          that many names, each length:u16 and UTF-8: the roots of the scope
 *   3 transaction:u64    the state to be seen
 *   4 seconds:u64        since 1970-01-01T00:00:00Z: the end
 *   5 bytes:u64          that may be put
 *   6 objects:u64        that may be put
 * </pre>
 */
final class RestrictionsCodec {
  /** Restrictions take no more. */
  static final int MAX_BYTES = 4096;

  private static final byte RIGHTS = 1;
  private static final byte ROOTS = 2;
  private static final byte AS_OF = 3;
  private static final byte EXPIRES = 4;
  private static final byte BYTES = 5;
  private static final byte OBJECTS = 6;

  private RestrictionsCodec() {}

  /**
   * @throws IllegalArgumentException if they take more than {@link #MAX_BYTES}
   */
  static ByteString encode(Restrictions restrictions) {
    ByteBuffer into = ByteBuffer.allocate(MAX_BYTES);
    try {
      put(into, restrictions);
    } catch (java.nio.BufferOverflowException e) {
      throw new IllegalArgumentException("too many or too long names of roots", e);
    }
    return ByteString.copyOf(into.flip());
  }

  private static void put(ByteBuffer into, Restrictions restrictions) {
    if (restrictions.rights().size() < Right.values().length) {
      int bits = 0;
      for (Right right : restrictions.rights()) {
        bits |= right.bit();
      }
      into.put(RIGHTS).put((byte) bits);
    }
    SortedSet<String> roots = restrictions.roots().orElse(null);
    if (roots != null) {
      into.put(ROOTS).putShort((short) roots.size());
      for (String root : roots) {
        byte[] name = root.getBytes(StandardCharsets.UTF_8);
        into.putShort((short) Math.min(name.length, MAX_BYTES)).put(name);
      }
    }
    restrictions.asOf().ifPresent(id -> into.put(AS_OF).putLong(id.epochNanos()));
    restrictions.expires().ifPresent(end -> into.put(EXPIRES).putLong(end.getEpochSecond()));
    restrictions.bytes().ifPresent(most -> into.put(BYTES).putLong(most));
    restrictions.objects().ifPresent(most -> into.put(OBJECTS).putLong(most));
  }

  /** Null if the bytes are no restrictions; an unknown one could not be enforced. */
  static @Nullable Restrictions decode(ByteBuffer from) {
    Restrictions.Builder builder = new Restrictions.Builder();
    int last = 0;
    try {
      while (from.hasRemaining()) {
        byte part = from.get();
        if (part <= last || !read(part, from, builder)) {
          return null;
        }
        last = part;
      }
      return builder.build();
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | DateTimeException
        | CharacterCodingException e) {
      return null;
    }
  }

  private static boolean read(byte part, ByteBuffer from, Restrictions.Builder into)
      throws CharacterCodingException {
    switch (part) {
      case RIGHTS -> into.rights(rights(from.get()));
      case ROOTS -> {
        int count = Short.toUnsignedInt(from.getShort());
        SortedSet<String> names = new TreeSet<>();
        for (int at = 0; at < count; at++) {
          ByteBuffer name = from.slice(from.position(), 0);
          int length = Short.toUnsignedInt(from.getShort());
          if (length > from.remaining()) {
            return false;
          }
          name = from.slice(from.position(), length);
          from.position(from.position() + length);
          names.add(StandardCharsets.UTF_8.newDecoder().decode(name).toString());
        }
        into.roots(names);
      }
      case AS_OF -> into.asOf(new TransactionId(from.getLong()));
      case EXPIRES -> into.expires(Instant.ofEpochSecond(from.getLong()));
      case BYTES -> into.bytes(from.getLong());
      case OBJECTS -> into.objects(from.getLong());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Set<Right> rights(int bits) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (Right right : Right.values()) {
      if ((bits & right.bit()) != 0) {
        rights.add(right);
      }
    }
    return rights;
  }
}
