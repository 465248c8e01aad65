package org.telosfs.persistence;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client says about its transaction.
 *
 * @param user who, in the client's words
 * @param description what and why
 * @param extension anything else, by name
 */
public record TransactionMetadata(
    String user, String description, SortedMap<String, String> extension) {

  /** No text is longer than this in UTF-8. */
  public static final int MAX_TEXT_BYTES = 64 * 1024;

  /** There are no more extension entries than this. */
  public static final int MAX_EXTENSIONS = 256;

  /** Nothing said. */
  public static final TransactionMetadata NONE = of("", "");

  public TransactionMetadata {
    extension = Collections.unmodifiableSortedMap(new TreeMap<>(extension));
    if (extension.size() > MAX_EXTENSIONS) {
      throw new IllegalArgumentException(
          extension.size() + " extension entries are more than " + MAX_EXTENSIONS);
    }
    requireShort("user", user);
    requireShort("description", description);
    extension.forEach(
        (name, value) -> {
          requireShort("extension name", name);
          requireShort("extension " + name, value);
        });
  }

  public static TransactionMetadata of(String user, String description) {
    return new TransactionMetadata(user, description, new TreeMap<>());
  }

  public static TransactionMetadata of(
      String user, String description, Map<String, String> extension) {
    return new TransactionMetadata(user, description, new TreeMap<>(extension));
  }

  private static void requireShort(String what, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(what + " is longer than " + MAX_TEXT_BYTES + " bytes");
    }
  }
}
