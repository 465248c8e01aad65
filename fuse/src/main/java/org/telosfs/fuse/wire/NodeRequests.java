package org.telosfs.fuse.wire;

import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.TimeChange;
import org.telosfs.vfs.Timestamp;

/** Fields of SETATTR, FORGET and BATCH_FORGET. */
public final class NodeRequests {
  private static final int FATTR_MODE = 1;
  private static final int FATTR_UID = 1 << 1;
  private static final int FATTR_GID = 1 << 2;
  private static final int FATTR_SIZE = 1 << 3;
  private static final int FATTR_ATIME = 1 << 4;
  private static final int FATTR_MTIME = 1 << 5;
  private static final int FATTR_ATIME_NOW = 1 << 7;
  private static final int FATTR_MTIME_NOW = 1 << 8;
  private static final int FATTR_KILL_SUIDGID = 1 << 11;

  private final RequestView request;

  public NodeRequests(RequestView request) {
    this.request = request;
  }

  /**
   * SETATTR: what is to change.
   *
   * @throws FsException EINVAL for a size or a time out of range
   */
  public AttributeChange attributeChange() throws BadRequestException, FsException {
    request.bodyData(0, FuseWire.SETATTR_BYTES);
    int valid = request.bodyInt(FuseWire.SETATTR_VALID);
    return new AttributeChange(
        permissions(valid),
        field(valid, FATTR_UID, FuseWire.SETATTR_UID),
        field(valid, FATTR_GID, FuseWire.SETATTR_GID),
        size(valid),
        time(
            (valid & FATTR_ATIME) != 0,
            (valid & FATTR_ATIME_NOW) != 0,
            FuseWire.SETATTR_ATIME,
            FuseWire.SETATTR_ATIME_NANOS),
        time(
            (valid & FATTR_MTIME) != 0,
            (valid & FATTR_MTIME_NOW) != 0,
            FuseWire.SETATTR_MTIME,
            FuseWire.SETATTR_MTIME_NANOS),
        (valid & FATTR_KILL_SUIDGID) != 0);
  }

  private @Nullable Integer permissions(int valid) throws BadRequestException {
    if ((valid & FATTR_MODE) == 0) {
      return null;
    }
    return request.bodyInt(FuseWire.SETATTR_MODE) & Attributes.PERMISSION_MASK;
  }

  private @Nullable Integer field(int valid, int bit, int offset) throws BadRequestException {
    return (valid & bit) == 0 ? null : Integer.valueOf(request.bodyInt(offset));
  }

  private @Nullable Long size(int valid) throws BadRequestException, FsException {
    if ((valid & FATTR_SIZE) == 0) {
      return null;
    }
    long sizeBytes = request.bodyLong(FuseWire.SETATTR_SIZE);
    if (sizeBytes < 0) {
      throw new FsException(Errno.EINVAL, "size " + Long.toUnsignedString(sizeBytes));
    }
    return sizeBytes;
  }

  private TimeChange time(boolean asked, boolean now, int seconds, int nanos)
      throws BadRequestException, FsException {
    if (!asked) {
      return TimeChange.KEEP;
    }
    if (now) {
      return TimeChange.NOW;
    }
    int nanosecond = request.bodyInt(nanos);
    if (nanosecond < 0 || nanosecond > 999_999_999) {
      throw new FsException(Errno.EINVAL, Integer.toUnsignedString(nanosecond) + " nanoseconds");
    }
    return new TimeChange.At(new Timestamp(request.bodyLong(seconds), nanosecond));
  }

  /** FORGET: lookups given back. */
  public long forgottenLookups() throws BadRequestException {
    return request.bodyLong(FuseWire.FORGET_LOOKUPS);
  }

  /** BATCH_FORGET: how many inodes, each of them in the request. */
  public int batchCount() throws BadRequestException {
    int count = request.bodyInt(FuseWire.BATCH_FORGET_COUNT);
    int room = (request.bodyBytes() - FuseWire.BATCH_FORGET_FIRST) / FuseWire.FORGET_ONE_BYTES;
    if (count < 0 || count > room) {
      throw new BadRequestException(request + " says that it has " + count + " inodes");
    }
    return count;
  }

  /** BATCH_FORGET: the inode at {@code index}. */
  public long batchNode(int index) throws BadRequestException {
    return request.bodyLong(one(index) + FuseWire.FORGET_ONE_NODE);
  }

  /** BATCH_FORGET: lookups of the inode at {@code index} given back. */
  public long batchLookups(int index) throws BadRequestException {
    return request.bodyLong(one(index) + FuseWire.FORGET_ONE_LOOKUPS);
  }

  private static int one(int index) {
    return FuseWire.BATCH_FORGET_FIRST + index * FuseWire.FORGET_ONE_BYTES;
  }
}
