package org.telosfs.posix;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;

/** Extended attributes (xattr(7)): a value is kept in pieces that fit the map. */
final class XattrOperations {
  /** Linux's XATTR_SIZE_MAX. */
  static final int MAX_VALUE_BYTES = 65_536;

  static final int PIECE_BYTES = 3_000;

  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final PosixClock clock;

  XattrOperations(PosixVolume volume, InodeTable table, InodeLocks locks, PosixClock clock) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.clock = clock;
  }

  void set(InodeNumber number, XattrName name, byte[] value, XattrMode mode) throws FsException {
    LiveInode inode = table.require(number);
    requireKept(name);
    requireAllowed(inode.record(), name);
    if (value.length > MAX_VALUE_BYTES) {
      throw new FsException(Errno.E2BIG, "attribute of " + value.length + " bytes");
    }
    try (InodeLocks.Held held = locks.write(number.value());
        PosixTransaction tx = volume.begin(Purpose.GROW)) {
      boolean exists = tx.get(PosixKeys.xattr(inode.value(), name, 0)) != null;
      if (mode == XattrMode.CREATE && exists) {
        throw new FsException(Errno.EEXIST, name.toString());
      }
      if (mode == XattrMode.REPLACE && !exists) {
        throw new FsException(Errno.ENODATA, name.toString());
      }
      removePieces(tx, inode.value(), name);
      int piece = 0;
      int at = 0;
      do {
        int end = Math.min(value.length, at + PIECE_BYTES);
        tx.put(PosixKeys.xattr(inode.value(), name, piece++), Arrays.copyOfRange(value, at, end));
        at = end;
      } while (at < value.length);
      commitChanged(tx, inode, InodeRecord.MAY_HAVE_XATTRS);
    }
  }

  byte[] get(InodeNumber number, XattrName name) throws FsException {
    LiveInode inode = table.require(number);
    requireKept(name);
    try (InodeLocks.Held held = locks.read(number.value())) {
      if (!inode.record().has(InodeRecord.MAY_HAVE_XATTRS)) {
        throw new FsException(Errno.ENODATA);
      }
      PosixMap map = volume.view();
      byte[] first = map.get(PosixKeys.xattr(inode.value(), name, 0));
      if (first == null) {
        throw new FsException(Errno.ENODATA);
      }
      if (first.length < PIECE_BYTES) {
        return first.clone();
      }
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      int piece = 0;
      for (byte[] part = first;
          part != null;
          part = map.get(PosixKeys.xattr(inode.value(), name, ++piece))) {
        value.write(part, 0, part.length);
      }
      return value.toByteArray();
    }
  }

  List<XattrName> list(InodeNumber number) throws FsException {
    LiveInode inode = table.require(number);
    try (InodeLocks.Held held = locks.read(number.value())) {
      return names(volume.view(), inode.value());
    }
  }

  void remove(InodeNumber number, XattrName name) throws FsException {
    LiveInode inode = table.require(number);
    requireKept(name);
    try (InodeLocks.Held held = locks.write(number.value());
        PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      if (!removePieces(tx, inode.value(), name)) {
        throw new FsException(Errno.ENODATA);
      }
      commitChanged(tx, inode, 0);
    }
  }

  private void commitChanged(PosixTransaction tx, LiveInode inode, int flags) throws FsException {
    InodeRecord before = inode.record();
    InodeRecord after =
        before.withTimes(before.accessed(), before.modified(), clock.now()).withFlags(flags);
    tx.putInode(inode.value(), after);
    tx.commit();
    inode.committed(after);
  }

  /** Removes every attribute of an inode. */
  static void removeAll(PosixTransaction tx, long inode) throws FsException {
    for (XattrName name : names(tx, inode)) {
      removePieces(tx, inode, name);
    }
  }

  private static boolean removePieces(PosixTransaction tx, long inode, XattrName name)
      throws FsException {
    int piece = 0;
    byte[] key = PosixKeys.xattr(inode, name, piece);
    while (tx.get(key) != null) {
      tx.delete(key);
      key = PosixKeys.xattr(inode, name, ++piece);
    }
    return piece > 0;
  }

  private static List<XattrName> names(PosixMap map, long inode) throws FsException {
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

  private static void requireKept(XattrName name) throws FsException {
    if (!name.isIn("user.") && !name.isIn("trusted.") && !name.isIn("security.")) {
      throw new FsException(Errno.EOPNOTSUPP, name.toString());
    }
  }

  private static void requireAllowed(InodeRecord record, XattrName name) throws FsException {
    boolean holdsUserAttributes = record.type() == FileType.REGULAR || record.isDirectory();
    if (name.isIn("user.") && !holdsUserAttributes) {
      throw new FsException(Errno.EPERM, name.toString());
    }
  }
}
