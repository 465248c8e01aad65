package org.telosfs.posix;

import java.util.Arrays;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.XattrName;

/** Extended attributes: the pieces of each are there, from the first to the last. */
final class XattrCheck {
  private final CheckFindings found;
  private byte[] lastKey = {};
  private int lastBytes;

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
    InodeRecord record = inode.record();
    if (record != null && !record.has(InodeRecord.MAY_HAVE_XATTRS)) {
      found.add(
          Kind.XATTR, inode.number(), "has attribute " + name + ", and says that it has none");
    }
    lastKey = key;
    lastBytes = value.length;
  }

  private boolean isOfSameAttribute(byte[] key) {
    int nameEnd = key.length - Short.BYTES;
    return lastKey.length == key.length && Arrays.equals(lastKey, 0, nameEnd, key, 0, nameEnd);
  }
}
