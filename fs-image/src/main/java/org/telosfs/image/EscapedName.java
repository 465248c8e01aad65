package org.telosfs.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * Names of slots and roots as file names, and back.
 *
 * <p>A name is its UTF-8 bytes, with {@code /}, NUL and {@code %} as {@code %2F}, {@code %00} and
 * {@code %25}; {@code .} is {@code %2E}, {@code ..} is {@code %2E%2E}, and the empty name is {@code
 * %}. A name that would be longer than 255 bytes is cut short and ends in {@code %~} and 32
 * hexadecimal digits of its SHA-256: it leads back to the one name among those of its directory
 * that has it.
 */
final class EscapedName {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String EMPTY = "%";
  private static final String DIGEST_MARK = "%~";
  private static final int DIGEST_BYTES = 16;
  private static final int KEPT_BYTES = FileName.MAX_BYTES - 2 - 2 * DIGEST_BYTES;

  private EscapedName() {}

  /** The file name of a name. */
  static FileName of(String name) {
    byte[] escaped = escape(name);
    try {
      return FileName.of(escaped.length <= FileName.MAX_BYTES ? escaped : shortened(escaped, name));
    } catch (FsException notEscaped) {
      throw new IllegalStateException(name, notEscaped);
    }
  }

  /** The one of the names whose file name this is. */
  static Optional<String> find(FileName file, Collection<String> names) {
    byte[] bytes = file.toBytes();
    if (isShortened(bytes)) {
      return names.stream().filter(name -> of(name).equals(file)).findFirst();
    }
    return unescape(bytes).filter(name -> of(name).equals(file)).filter(names::contains);
  }

  private static byte[] escape(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return (name.isEmpty() ? EMPTY : name.replace(".", "%2E")).getBytes(StandardCharsets.UTF_8);
    }
    byte[] plain = name.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(plain.length);
    for (byte b : plain) {
      if (b == '/' || b == 0 || b == '%') {
        escaped.writeBytes(("%" + HEX.toHexDigits(b)).getBytes(StandardCharsets.US_ASCII));
      } else {
        escaped.write(b);
      }
    }
    return escaped.toByteArray();
  }

  /** The kept part ends between two characters, escapes not torn either. */
  private static byte[] shortened(byte[] escaped, String name) {
    int kept = KEPT_BYTES;
    while ((escaped[kept] & 0xC0) == 0x80) {
      kept--;
    }
    for (int back = 1; back <= 2; back++) {
      if (escaped[kept - back] == '%') {
        kept -= back;
        break;
      }
    }
    ByteArrayOutputStream shortened = new ByteArrayOutputStream(FileName.MAX_BYTES);
    shortened.write(escaped, 0, kept);
    shortened.writeBytes((DIGEST_MARK + digest(name)).getBytes(StandardCharsets.US_ASCII));
    return shortened.toByteArray();
  }

  private static boolean isShortened(byte[] bytes) {
    int mark = bytes.length - 2 * DIGEST_BYTES - DIGEST_MARK.length();
    return mark >= 0 && bytes[mark] == '%' && bytes[mark + 1] == '~';
  }

  private static String digest(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HEX.formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  private static Optional<String> unescape(byte[] bytes) {
    ByteBuffer plain = ByteBuffer.allocate(bytes.length);
    if (!Arrays.equals(bytes, EMPTY.getBytes(StandardCharsets.US_ASCII))) {
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] != '%') {
          plain.put(bytes[at]);
        } else if (at + 2 < bytes.length
            && HexFormat.isHexDigit(bytes[at + 1])
            && HexFormat.isHexDigit(bytes[at + 2])) {
          plain.put(
              (byte)
                  (HexFormat.fromHexDigit(bytes[at + 1]) << 4
                      | HexFormat.fromHexDigit(bytes[at + 2])));
          at += 2;
        } else {
          return Optional.empty();
        }
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(plain.flip()).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}
