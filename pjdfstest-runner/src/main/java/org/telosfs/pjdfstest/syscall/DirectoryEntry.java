package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A {@code struct dirent64}; {@code next} is where a seek goes on behind it. */
public record DirectoryEntry(long inode, long next, int type, String name) {
  private static final int NEXT = 8;
  private static final int RECORD_BYTES = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  /** All entries of one answer of getdents64. */
  static List<DirectoryEntry> readAll(ByteBuffer from, int bytes) {
    List<DirectoryEntry> entries = new ArrayList<>();
    for (int at = 0; at < bytes; at += from.getShort(at + RECORD_BYTES)) {
      StringBuilder name = new StringBuilder();
      for (int i = at + NAME; from.get(i) != 0; i++) {
        name.append((char) (from.get(i) & 0xff));
      }
      entries.add(
          new DirectoryEntry(
              from.getLong(at), from.getLong(at + NEXT), from.get(at + TYPE), name.toString()));
    }
    return entries;
  }
}
