package org.telosfs.pjdfstest.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX access control list as the extended attributes hold it.
 *
 * <pre>offset size  field, little-endian
 *    0 4 version 2 | then for each entry: 0 2 tag | 2 2 permissions | 4 4 id</pre>
 */
record Acl(List<Entry> entries) {
  static final String ACCESS = "system.posix_acl_access";
  static final String DEFAULT = "system.posix_acl_default";
  static final int VERSION = 2;

  static final int USER_OBJECT = 1;
  static final int USER = 2;
  static final int GROUP_OBJECT = 4;
  static final int GROUP = 8;
  static final int MASK = 0x10;
  static final int OTHER = 0x20;

  private static final int ENTRY_BYTES = 8;
  private static final int NO_ID = -1;

  record Entry(int tag, int permissions, int id) {}

  Acl {
    entries = List.copyOf(entries);
  }

  static Acl of(Entry... entries) {
    return new Acl(List.of(entries));
  }

  /** The three entries that a mode is. */
  static Acl ofMode(int mode) {
    return of(owner(mode >> 6 & 7), group(mode >> 3 & 7), other(mode & 7));
  }

  static Entry owner(int permissions) {
    return new Entry(USER_OBJECT, permissions, NO_ID);
  }

  static Entry user(int uid, int permissions) {
    return new Entry(USER, permissions, uid);
  }

  static Entry group(int permissions) {
    return new Entry(GROUP_OBJECT, permissions, NO_ID);
  }

  static Entry group(int gid, int permissions) {
    return new Entry(GROUP, permissions, gid);
  }

  static Entry mask(int permissions) {
    return new Entry(MASK, permissions, NO_ID);
  }

  static Entry other(int permissions) {
    return new Entry(OTHER, permissions, NO_ID);
  }

  byte[] bytes() {
    return bytes(VERSION);
  }

  byte[] bytes(int version) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Integer.BYTES + entries.size() * ENTRY_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(version);
    for (Entry entry : entries) {
      buffer.putShort((short) entry.tag()).putShort((short) entry.permissions());
      buffer.putInt(entry.id());
    }
    return buffer.array();
  }

  static Acl read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.getInt() != VERSION) {
      throw new UnexpectedException("an access control list of another version");
    }
    List<Entry> entries = new ArrayList<>();
    while (buffer.hasRemaining()) {
      entries.add(new Entry(buffer.getShort(), buffer.getShort(), buffer.getInt()));
    }
    return new Acl(entries);
  }
}
