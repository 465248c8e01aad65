package org.telosfs.posix;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/** Extended attributes as rows of the map: a value is kept in pieces that fit it. */
final class XattrRows {
  static final int PIECE_BYTES = 3_000;

  private XattrRows() {}

  static boolean exists(PosixMap map, long inode, XattrName name) throws FsException {
    return map.get(PosixKeys.xattr(inode, name, 0)) != null;
  }

  static byte @Nullable [] get(PosixMap map, long inode, XattrName name) throws FsException {
    byte[] first = map.get(PosixKeys.xattr(inode, name, 0));
    if (first == null || first.length < PIECE_BYTES) {
      return first == null ? null : first.clone();
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    int piece = 0;
    for (byte[] part = first; part != null; part = map.get(PosixKeys.xattr(inode, name, ++piece))) {
      value.write(part, 0, part.length);
    }
    return value.toByteArray();
  }

  /** Puts a value in the place of what was there. */
  static void put(PosixTransaction tx, long inode, XattrName name, byte[] value)
      throws FsException {
    remove(tx, inode, name);
    int piece = 0;
    int at = 0;
    do {
      int end = Math.min(value.length, at + PIECE_BYTES);
      tx.put(PosixKeys.xattr(inode, name, piece++), Arrays.copyOfRange(value, at, end));
      at = end;
    } while (at < value.length);
  }

  /** False if there was none. */
  static boolean remove(PosixTransaction tx, long inode, XattrName name) throws FsException {
    int piece = 0;
    byte[] key = PosixKeys.xattr(inode, name, piece);
    while (tx.get(key) != null) {
      tx.delete(key);
      key = PosixKeys.xattr(inode, name, ++piece);
    }
    return piece > 0;
  }

  /** Removes every attribute of an inode. */
  static void removeAll(PosixTransaction tx, long inode) throws FsException {
    for (XattrName name : names(tx, inode)) {
      remove(tx, inode, name);
    }
  }

  static List<XattrName> names(PosixMap map, long inode) throws FsException {
    List<XattrName> names = new ArrayList<>();
    PosixMap.Row row = map.ceiling(PosixKeys.first(KeyFamily.XATTR, inode));
    while (row != null && PosixKeys.isOf(row.key(), KeyFamily.XATTR, inode)) {
      names.add(nameOf(row));
      row = map.ceiling(successor(row.key()));
    }
    return names;
  }

  private static XattrName nameOf(PosixMap.Row row) throws FsException {
    try {
      return PosixKeys.xattrNameOf(row.key());
    } catch (PosixFormatException damaged) {
      throw PosixMap.damaged("an attribute", damaged);
    }
  }

  /** The least key after all pieces of the attribute whose piece this is. */
  private static byte[] successor(byte[] key) {
    byte[] after = key.clone();
    Arrays.fill(after, after.length - Short.BYTES, after.length, (byte) 0xFF);
    return after;
  }

  // ---- access control lists

  /** Null if there is none. */
  static @Nullable PosixAcl acl(PosixMap map, long inode, AclKind kind) throws FsException {
    byte[] value = get(map, inode, kind.attribute());
    try {
      return value == null ? null : PosixAcl.decode(value);
    } catch (FsException damaged) {
      throw new FsException(Errno.EIO, kind + " list of inode " + inode + " is damaged", damaged);
    }
  }

  /** Null removes it. */
  static void putAcl(PosixTransaction tx, long inode, AclKind kind, @Nullable PosixAcl acl)
      throws FsException {
    if (acl == null) {
      remove(tx, inode, kind.attribute());
    } else {
      put(tx, inode, kind.attribute(), acl.encode());
    }
  }
}
