package org.telosfs.image.render;

import java.nio.charset.StandardCharsets;

/** The file that greets who finds the tree. */
public final class ReadmeText {

  private static final String TEXT =
      """
      This is a living image: the objects of a running store, as files. It is read-only, and it
      always shows the newest committed state. One open file or directory shows one state.

      roots/NAME                  the named objects, as links into objects/
      objects/HH/OID/             an object; HH are the last two digits of its id
          state.json              all of it
          slots/NAME              one slot
          refs/NAME               the objects it refers to, as links
          prototype  tid  size    who answers for missing slots; since when; bytes stored
          raw                     the bytes as they are stored
          history/TID/            the same files, as that transaction left the object
      transactions/TID/           meta.json, and objects/OID: what the transaction changed
      stats.json                  figures of the store

      Try:
          ls -l roots/
          cat objects/01/*/state.json
          find objects/ -name history -prune -o -name state.json -print
      """;

  private ReadmeText() {}

  public static byte[] bytes() {
    return TEXT.getBytes(StandardCharsets.UTF_8);
  }
}
