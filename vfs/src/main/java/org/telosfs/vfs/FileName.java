package org.telosfs.vfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One path component: 1..255 bytes without {@code /} and NUL, of any encoding. {@code .} and {@code
 * ..} are names too; they appear in listings and are never created. Immutable.
 */
public final class FileName extends ByteName implements Comparable<FileName> {
  /** Longest name in bytes, Linux's NAME_MAX. */
  public static final int MAX_BYTES = 255;

  /** The directory itself. */
  public static final FileName DOT = FileName.of(".");

  /** The directory above. */
  public static final FileName DOT_DOT = FileName.of("..");

  private FileName(byte[] owned) {
    super(owned);
  }

  /**
   * A name of these bytes, which are copied.
   *
   * @throws FsException ENAMETOOLONG above {@link #MAX_BYTES}; ENOENT if empty; EINVAL if a byte is
   *     {@code /} or NUL
   */
  public static FileName of(byte[] bytes) throws FsException {
    if (bytes.length == 0) {
      throw new FsException(Errno.ENOENT, "empty name");
    }
    if (bytes.length > MAX_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG, "name of " + bytes.length + " bytes");
    }
    for (byte b : bytes) {
      if (b == 0 || b == '/') {
        throw new FsException(Errno.EINVAL, "name contains " + (b == 0 ? "NUL" : "/"));
      }
    }
    return new FileName(bytes.clone());
  }

  /** A name that was one before, from so many bytes of a buffer, whose position does not count. */
  public static FileName copyOf(ByteBuffer bytes, int at, int length) {
    byte[] copied = new byte[length];
    bytes.get(at, copied);
    return new FileName(copied);
  }

  /**
   * A name known to be right, as UTF-8.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static FileName of(String name) {
    try {
      return of(name.getBytes(StandardCharsets.UTF_8));
    } catch (FsException notAName) {
      throw new IllegalArgumentException(name, notAName);
    }
  }

  /** True for {@code .} and {@code ..}. */
  public boolean isDots() {
    return byteAt(0) == '.' && (length() == 1 || (length() == 2 && byteAt(1) == '.'));
  }

  @Override
  public int compareTo(FileName other) {
    return compareBytes(other);
  }

  @Override
  @SuppressWarnings("EqualsHashCode") // hashCode is final in ByteName
  public boolean equals(@Nullable Object other) {
    return other instanceof FileName name && sameBytes(name);
  }
}
