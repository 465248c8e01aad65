package org.telosfs.vfs;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Name of an extended attribute with its namespace prefix: 1..255 bytes without NUL. Immutable. */
public final class XattrName extends ByteName implements Comparable<XattrName> {
  /** Longest name in bytes, Linux's XATTR_NAME_MAX. */
  public static final int MAX_BYTES = 255;

  /** Largest value in bytes, Linux's XATTR_SIZE_MAX. */
  public static final int MAX_VALUE_BYTES = 65_536;

  /** All names of an inode, each with a NUL after it: Linux's XATTR_LIST_MAX. */
  public static final int MAX_LIST_BYTES = 65_536;

  /** Capabilities of a program file (capabilities(7)). */
  public static final XattrName CAPABILITY = of("security.capability");

  private XattrName(byte[] owned) {
    super(owned);
  }

  /**
   * A name of these bytes, which are copied.
   *
   * @throws FsException ERANGE if empty or above {@link #MAX_BYTES}, as setxattr(2) has it; EINVAL
   *     if a byte is NUL
   */
  public static XattrName of(byte[] bytes) throws FsException {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new FsException(Errno.ERANGE, "attribute name of " + bytes.length + " bytes");
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new FsException(Errno.EINVAL, "attribute name contains NUL");
      }
    }
    return new XattrName(bytes.clone());
  }

  /**
   * A name known to be right, as UTF-8.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static XattrName of(String name) {
    try {
      return of(name.getBytes(StandardCharsets.UTF_8));
    } catch (FsException notAName) {
      throw new IllegalArgumentException(name, notAName);
    }
  }

  /** What it takes in a listing. */
  public int listedBytes() {
    return length() + 1;
  }

  /** True if the name starts with this namespace, for instance {@code "user."}. */
  public boolean isIn(String namespace) {
    if (length() < namespace.length()) {
      return false;
    }
    for (int i = 0; i < namespace.length(); i++) {
      if (byteAt(i) != namespace.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(XattrName other) {
    return compareBytes(other);
  }

  @Override
  @SuppressWarnings("EqualsHashCode") // hashCode is final in ByteName
  public boolean equals(@Nullable Object other) {
    return other instanceof XattrName name && sameBytes(name);
  }
}
