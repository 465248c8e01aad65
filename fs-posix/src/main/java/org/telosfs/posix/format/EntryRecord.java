package org.telosfs.posix.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * A name in a directory. By cookie there is one to a record, by hash one or (names of equal hash)
 * several, one after the other:
 *
 * <pre>
 * offset size field
 *      0    8 inode
 *      8    8 cookie
 *     16    1 type, as in d_type
 *     17    1 name bytes
 *     18      name
 * </pre>
 */
public record EntryRecord(long inode, long cookie, FileType type, FileName name) {
  private static final int FIXED_BYTES = 2 * Long.BYTES + 2;

  /** A record of these entries, which is not empty. */
  public static byte[] encode(List<EntryRecord> entries) {
    int bytes = 0;
    for (EntryRecord entry : entries) {
      bytes += FIXED_BYTES + entry.name.length();
    }
    ByteBuffer into = ByteBuffer.allocate(bytes);
    for (EntryRecord entry : entries) {
      into.putLong(entry.inode).putLong(entry.cookie).put((byte) entry.type.code());
      into.put((byte) entry.name.length());
      entry.name.putInto(into);
    }
    return into.array();
  }

  public byte[] encode() {
    return encode(List.of(this));
  }

  /**
   * The entries of these bytes.
   *
   * @throws PosixFormatException if they are none
   */
  public static List<EntryRecord> decode(byte[] bytes) throws PosixFormatException {
    List<EntryRecord> entries = new ArrayList<>(1);
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      if (from.remaining() < FIXED_BYTES) {
        throw new PosixFormatException("directory entry is cut short");
      }
      long inode = from.getLong();
      long cookie = from.getLong();
      FileType type = InodeRecord.type(from.get());
      int nameBytes = Byte.toUnsignedInt(from.get());
      if (from.remaining() < nameBytes) {
        throw new PosixFormatException("name of a directory entry is cut short");
      }
      byte[] name = new byte[nameBytes];
      from.get(name);
      try {
        entries.add(new EntryRecord(inode, cookie, type, FileName.of(name)));
      } catch (FsException notAName) {
        throw new PosixFormatException("directory entry: " + notAName.getMessage());
      }
    }
    if (entries.isEmpty()) {
      throw new PosixFormatException("directory entry record is empty");
    }
    return entries;
  }
}
