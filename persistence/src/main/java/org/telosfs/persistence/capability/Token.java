package org.telosfs.persistence.capability;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.telosfs.persistence.ByteString;

/**
 * A capability as its holder has it: which grant, what restrictions were added to it, and a
 * signature that only who had the capability before could make. Its text is {@code telos1.} and the
 * bytes in base64url without padding; {@link #toString} does not tell it.
 *
 * <pre>
 *   0 16 number of the grant
 *  16  1 restrictions that were added
 *        each: length:u16, bytes
 *  end 32 signature
 * </pre>
 */
public final class Token {
  static final int ID_BYTES = 16;
  static final int SIGNATURE_BYTES = 32;

  /** No more restrictions may be added to one another. */
  static final int MAX_ADDED = 16;

  private static final String PREFIX = "telos1.";
  private static final int MAX_TEXT_CHARS = 12_000;

  private final ByteString id;
  private final List<ByteString> added;
  private final ByteString signature;

  Token(ByteString id, List<ByteString> added, ByteString signature) {
    this.id = id;
    this.added = List.copyOf(added);
    this.signature = signature;
  }

  /**
   * The token whose text that is.
   *
   * @throws IllegalArgumentException if it is none; the text is not repeated
   */
  public static Token parse(byte[] text) {
    int length = text.length;
    while (length > 0 && text[length - 1] <= ' ') {
      length--;
    }
    byte[] prefix = PREFIX.getBytes(StandardCharsets.US_ASCII);
    if (length > MAX_TEXT_CHARS
        || length < prefix.length
        || !Arrays.equals(text, 0, prefix.length, prefix, 0, prefix.length)) {
      throw new IllegalArgumentException("a capability starts with " + PREFIX);
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(
            Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, prefix.length, length)));
    if (bytes.remaining() < ID_BYTES + 1 + SIGNATURE_BYTES) {
      throw new IllegalArgumentException("a capability is longer");
    }
    ByteString id = take(bytes, ID_BYTES);
    int count = Byte.toUnsignedInt(bytes.get());
    if (count > MAX_ADDED) {
      throw new IllegalArgumentException("a capability was weakened too often");
    }
    List<ByteString> added = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      int size = bytes.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(bytes.getShort());
      if (size < 0 || size > RestrictionsCodec.MAX_BYTES) {
        throw new IllegalArgumentException("a capability with a restriction that is none");
      }
      added.add(take(bytes, size));
    }
    ByteString signature = take(bytes, SIGNATURE_BYTES);
    if (bytes.hasRemaining()) {
      throw new IllegalArgumentException("a capability is shorter");
    }
    return new Token(id, added, signature);
  }

  private static ByteString take(ByteBuffer from, int bytes) {
    if (from.remaining() < bytes) {
      throw new IllegalArgumentException("a capability is longer");
    }
    ByteString taken = ByteString.copyOf(from.slice(from.position(), bytes));
    from.position(from.position() + bytes);
    return taken;
  }

  /** What the holder keeps and shows; a secret. */
  public byte[] secretText() {
    int size = ID_BYTES + 1 + SIGNATURE_BYTES;
    for (ByteString restriction : added) {
      size += Short.BYTES + restriction.size();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    id.putInto(bytes);
    bytes.put((byte) added.size());
    for (ByteString restriction : added) {
      bytes.putShort((short) restriction.size());
      restriction.putInto(bytes);
    }
    signature.putInto(bytes);
    byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(bytes.array());
    byte[] prefix = PREFIX.getBytes(StandardCharsets.US_ASCII);
    byte[] text = Arrays.copyOf(prefix, prefix.length + encoded.length);
    System.arraycopy(encoded, 0, text, prefix.length, encoded.length);
    return text;
  }

  /**
   * A weaker capability of the same grant, made without asking anybody.
   *
   * @throws IllegalArgumentException if it was weakened too often
   */
  public Token attenuated(Restrictions restrictions) {
    if (added.size() == MAX_ADDED) {
      throw new IllegalArgumentException(
          "a capability is weakened " + MAX_ADDED + " times at most");
    }
    ByteString restriction = RestrictionsCodec.encode(restrictions);
    List<ByteString> more = new ArrayList<>(added);
    more.add(restriction);
    return new Token(id, more, hash(signature, restriction));
  }

  /** The number of its grant, which is no secret. */
  public ByteString id() {
    return id;
  }

  /** The restrictions that were added, oldest first. */
  List<ByteString> added() {
    return added;
  }

  ByteString signature() {
    return signature;
  }

  /** HMAC-SHA256. */
  static ByteString hash(ByteString key, ByteString message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.toByteArray(), "HmacSHA256"));
      return ByteString.copyOf(mac.doFinal(message.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "capability " + CapabilityRegistry.name(id);
  }
}
