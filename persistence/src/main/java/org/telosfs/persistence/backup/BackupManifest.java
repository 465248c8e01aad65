package org.telosfs.persistence.backup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;

/**
 * What one backup consists of.
 *
 * @param newest the newest transaction in it
 * @param horizon states before it lack revisions
 */
public record BackupManifest(
    UUID logId, TransactionId newest, TransactionId horizon, List<Entry> entries) {

  static final String PREFIX = "backup-";
  private static final String FIRST_LINE = "telosfs-backup 1";

  public BackupManifest {
    entries = List.copyOf(entries);
  }

  /**
   * One file of the store.
   *
   * @param name in the store
   * @param identity what tells a complete segment's content from any other; "-" if it may change
   * @param sha256 of the file
   * @param older SHA-256 of an older copy of the segment that the file is made from, with its
   *     frame; null if the repository has it whole
   */
  public record Entry(
      String name, long sizeBytes, String identity, String sha256, @Nullable String older) {

    /** The file of the repository that holds it, or its frame. */
    String stored() {
      return older == null ? whole(sha256) : "frame-" + sha256;
    }

    static String whole(String sha256) {
      return "file-" + sha256;
    }
  }

  String fileName() {
    return PREFIX + newest;
  }

  byte[] encode() {
    StringBuilder text = new StringBuilder();
    text.append(FIRST_LINE).append('\n');
    text.append("log ").append(logId).append('\n');
    text.append("newest ").append(newest).append('\n');
    text.append("horizon ").append(horizon).append('\n');
    for (Entry entry : entries) {
      text.append(
          String.format(
              "file %s %d %s %s %s\n",
              entry.name(),
              entry.sizeBytes(),
              entry.identity(),
              entry.sha256(),
              entry.older() == null ? "-" : entry.older()));
    }
    String hash = Sha256.of(text.toString());
    text.append("sha256 ").append(hash).append('\n');
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static BackupManifest decode(String name, byte[] bytes) throws StoreException {
    String text = new String(bytes, StandardCharsets.US_ASCII);
    int end = text.lastIndexOf("sha256 ");
    if (end < 0
        || !text.substring(end).equals("sha256 " + Sha256.of(text.substring(0, end)) + "\n")) {
      throw damaged(name, "its checksum is wrong");
    }
    String[] lines = text.substring(0, end).split("\n", -1);
    if (!lines[0].equals(FIRST_LINE)) {
      throw damaged(name, "it is no manifest of version 1");
    }
    try {
      List<Entry> entries = new ArrayList<>();
      for (int line = 4; line < lines.length - 1; line++) {
        String[] words = lines[line].split(" ", -1);
        entries.add(
            new Entry(
                words[1],
                Long.parseLong(words[2]),
                words[3],
                words[4],
                words[5].equals("-") ? null : words[5]));
      }
      return new BackupManifest(
          UUID.fromString(lines[1].substring("log ".length())),
          TransactionId.parse(lines[2].substring("newest ".length())),
          TransactionId.parse(lines[3].substring("horizon ".length())),
          entries);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      StoreException.Damaged failure = damaged(name, "it makes no sense");
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private static StoreException.Damaged damaged(String name, String what) {
    return new StoreException.Damaged(name, 0, List.of(), what);
  }
}
