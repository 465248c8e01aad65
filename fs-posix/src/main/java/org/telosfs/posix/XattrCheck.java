package org.telosfs.posix;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.ModeAndAcl;
import org.telosfs.vfs.acl.PosixAcl;

/**
 * Extended attributes: the pieces of each are there, from the first to the last; the inode says
 * that it may have some; and an access control list is one, and agrees with the permissions.
 */
final class XattrCheck {
  private final CheckFindings found;
  private byte[] lastKey = {};
  private int lastBytes;

  /** Of whom the attribute is whose pieces come now, if it is a list. */
  private @Nullable CheckedInode listed;

  private AclKind kind = AclKind.ACCESS;
  private final ByteArrayOutputStream list = new ByteArrayOutputStream();

  XattrCheck(CheckFindings found) {
    this.found = found;
  }

  /** Pieces are told of in the order of their keys. */
  void piece(CheckedInode inode, byte[] key, byte[] value) throws PosixFormatException {
    XattrName name = PosixKeys.xattrNameOf(key);
    int piece = PosixKeys.xattrPieceOf(key);
    boolean goesOn = isOfSameAttribute(key);
    int expected = goesOn ? PosixKeys.xattrPieceOf(lastKey) + 1 : 0;
    boolean lastWasFull = !goesOn || lastBytes == XattrRows.PIECE_BYTES;
    int most =
        Math.min(XattrRows.PIECE_BYTES, XattrName.MAX_VALUE_BYTES - piece * XattrRows.PIECE_BYTES);
    if (piece != expected || !lastWasFull || value.length > most) {
      found.add(
          Kind.XATTR,
          inode.number(),
          "piece "
              + piece
              + " of attribute "
              + name
              + ", of "
              + value.length
              + " bytes, comes after "
              + expected
              + " pieces");
    }
    if (!goesOn) {
      finish();
      begin(inode, name);
    }
    list.writeBytes(listed == null ? new byte[0] : value);
    lastKey = key;
    lastBytes = value.length;
  }

  private boolean isOfSameAttribute(byte[] key) {
    int nameEnd = key.length - Short.BYTES;
    return lastKey.length == key.length && Arrays.equals(lastKey, 0, nameEnd, key, 0, nameEnd);
  }

  private void begin(CheckedInode inode, XattrName name) {
    InodeRecord record = inode.record();
    if (record != null && !record.has(InodeRecord.MAY_HAVE_XATTRS)) {
      found.add(Kind.XATTR, inode.number(), "has attribute " + name + ", says that it has none");
    }
    AclKind of = AclKind.of(name);
    if (of != null) {
      listed = inode;
      kind = of;
    }
  }

  /** No piece follows. */
  void finish() {
    CheckedInode inode = listed;
    if (inode != null) {
      InodeRecord record = inode.record();
      if (record != null) {
        checkList(inode, record);
      }
    }
    listed = null;
    list.reset();
  }

  private void checkList(CheckedInode inode, InodeRecord record) {
    try {
      kind.requireOn(record.type());
      PosixAcl acl = PosixAcl.decode(list.toByteArray());
      ModeAndAcl both = acl.setOn(record.permissions(), false);
      if (acl.isEmpty()) {
        found.add(Kind.ACL, inode.number(), "has an empty list as " + kind.attribute());
      } else if (kind == AclKind.ACCESS && both.permissions() != record.permissions()) {
        found.add(
            Kind.ACL,
            inode.number(),
            "has permissions 0"
                + Integer.toOctalString(record.permissions())
                + ", and an access list that says 0"
                + Integer.toOctalString(both.permissions()));
      } else if (kind == AclKind.ACCESS && both.access() == null) {
        found.add(Kind.ACL, inode.number(), "has an access list that says no more than its mode");
      }
    } catch (FsException invalid) {
      found.add(Kind.ACL, inode.number(), kind.attribute() + ": " + invalid.getMessage());
    }
  }
}
