package org.telosfs.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.InodeNumber;

/** Messages that we send unasked, from index 0 of a buffer on. Each method returns its bytes. */
public final class NotifyWriter {
  /** Enough for every message. */
  public static final int BUFFER_BYTES =
      FuseWire.OUT_HEADER_BYTES + FuseWire.INVAL_ENTRY_BYTES + FileName.MAX_BYTES + 1;

  private static final int BODY = FuseWire.OUT_HEADER_BYTES;

  private final ByteBuffer buffer;

  public NotifyWriter(ByteBuffer buffer) {
    this.buffer = buffer.duplicate().order(ByteOrder.nativeOrder());
    this.buffer.clear();
  }

  /** Forget where the name leads, and that it leads nowhere. */
  public int invalidateEntry(InodeNumber directory, FileName name) {
    int nameAt = BODY + FuseWire.INVAL_ENTRY_BYTES;
    buffer.putLong(BODY, directory.value());
    buffer.putInt(BODY + Long.BYTES, name.length());
    buffer.putInt(BODY + Long.BYTES + Integer.BYTES, 0);
    buffer.limit(buffer.capacity()).position(nameAt);
    name.putInto(buffer);
    buffer.put((byte) 0);
    return header(FuseWire.NOTIFY_INVAL_ENTRY, FuseWire.INVAL_ENTRY_BYTES + name.length() + 1);
  }

  /** Drop attributes and all pages of the inode. */
  public int invalidateInode(InodeNumber inode) {
    return invalidateInode(inode, 0, 0);
  }

  /** Drop attributes and the pages of a range of the inode; a length of 0 is up to the end. */
  public int invalidateInode(InodeNumber inode, long offsetBytes, long lengthBytes) {
    buffer.putLong(BODY, inode.value());
    buffer.putLong(BODY + Long.BYTES, offsetBytes);
    buffer.putLong(BODY + 2 * Long.BYTES, lengthBytes);
    return header(FuseWire.NOTIFY_INVAL_INODE, FuseWire.INVAL_INODE_BYTES);
  }

  private int header(int code, int bodyBytes) {
    int bytes = BODY + bodyBytes;
    buffer.putInt(FuseWire.OUT_LEN, bytes);
    buffer.putInt(FuseWire.OUT_ERROR, code);
    buffer.putLong(FuseWire.OUT_UNIQUE, 0);
    return bytes;
  }
}
