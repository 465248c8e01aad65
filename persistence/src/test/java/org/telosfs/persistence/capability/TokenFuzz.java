package org.telosfs.persistence.capability;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.telosfs.persistence.ByteString;

/** Any bytes are a capability, which then has one text, or are refused as none. */
public final class TokenFuzz {

  private TokenFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    restrictions(ByteBuffer.wrap(input));
    Token token;
    try {
      token = Token.parse(input);
    } catch (IllegalArgumentException refused) {
      return;
    }
    byte[] text = token.secretText();
    if (!Arrays.equals(text, Token.parse(text).secretText())) {
      throw new AssertionError("another capability is read than was written");
    }
    token.added().forEach(added -> restrictions(added.asByteBuffer()));
  }

  private static void restrictions(ByteBuffer bytes) {
    Restrictions decoded = RestrictionsCodec.decode(bytes);
    if (decoded != null && bytes.limit() <= RestrictionsCodec.MAX_BYTES) {
      ByteString encoded = RestrictionsCodec.encode(decoded);
      if (!decoded.equals(RestrictionsCodec.decode(encoded.asByteBuffer()))) {
        throw new AssertionError("other restrictions are read than were written: " + decoded);
      }
    }
  }
}
