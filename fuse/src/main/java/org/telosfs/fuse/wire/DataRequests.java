package org.telosfs.fuse.wire;

import java.nio.ByteBuffer;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.SeekTarget;

/** Fields of the requests about content and listings. */
public final class DataRequests {
  private static final int WRITE_CACHE = 1;
  private static final int WRITE_KILL_SUIDGID = 1 << 2;
  private static final int FSYNC_FDATASYNC = 1;
  private static final int FALLOC_KEEP_SIZE = 0x01;
  private static final int FALLOC_PUNCH_HOLE = 0x02;
  private static final int FALLOC_ZERO_RANGE = 0x10;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final RequestView request;

  public DataRequests(RequestView request) {
    this.request = request;
  }

  /** OPEN, OPENDIR: how. */
  public OpenFlags openFlags() throws BadRequestException {
    return new OpenFlags(request.bodyInt(FuseWire.OPEN_FLAGS));
  }

  /** RELEASE, RELEASEDIR: the handle that is given back. */
  public FileHandle releasedHandle() throws BadRequestException {
    return handle(FuseWire.RELEASE_HANDLE);
  }

  /** READ, READDIR, READDIRPLUS: the handle. */
  public FileHandle readHandle() throws BadRequestException {
    return handle(FuseWire.READ_HANDLE);
  }

  /** READ: the flags of the open file that is read. */
  public OpenFlags readFlags() throws BadRequestException {
    return new OpenFlags(request.bodyInt(FuseWire.READ_FLAGS));
  }

  /** READ: from where; READDIR, READDIRPLUS: the cookie to go on from. */
  public long readOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.READ_OFFSET);
  }

  /** READ, READDIR, READDIRPLUS: how much fits. */
  public int readBytes() throws BadRequestException {
    int bytes = request.bodyInt(FuseWire.READ_SIZE);
    if (bytes < 0) {
      throw new BadRequestException(request + " asks for " + Integer.toUnsignedString(bytes));
    }
    return bytes;
  }

  /** WRITE: the handle. */
  public FileHandle writeHandle() throws BadRequestException {
    return handle(FuseWire.WRITE_HANDLE);
  }

  /** WRITE: to where. */
  public long writeOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.WRITE_OFFSET);
  }

  /** WRITE: the data, valid until the next request. */
  public ByteBuffer writeData() throws BadRequestException {
    return request.bodyData(FuseWire.WRITE_DATA, request.bodyInt(FuseWire.WRITE_SIZE));
  }

  /** WRITE: what the file loses by it. */
  public PrivilegeLoss writeLoss() throws BadRequestException {
    int flags = request.bodyInt(FuseWire.WRITE_FLAGS);
    if ((flags & WRITE_KILL_SUIDGID) != 0) {
      return PrivilegeLoss.ALL;
    }
    return (flags & WRITE_CACHE) != 0 ? PrivilegeLoss.NONE : PrivilegeLoss.CAPABILITY;
  }

  /** FSYNC, FSYNCDIR: the handle. */
  public FileHandle fsyncHandle() throws BadRequestException {
    return handle(FuseWire.FSYNC_HANDLE);
  }

  /** FSYNC, FSYNCDIR: fdatasync(2). */
  public boolean fsyncDataOnly() throws BadRequestException {
    return (request.bodyInt(FuseWire.FSYNC_FLAGS) & FSYNC_FDATASYNC) != 0;
  }

  /** FALLOCATE: the handle. */
  public FileHandle allocateHandle() throws BadRequestException {
    return handle(FuseWire.FALLOCATE_HANDLE);
  }

  /** FALLOCATE: from where. */
  public long allocateOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.FALLOCATE_OFFSET);
  }

  /** FALLOCATE: how much. */
  public long allocateBytes() throws BadRequestException {
    return request.bodyLong(FuseWire.FALLOCATE_LENGTH);
  }

  /**
   * FALLOCATE: what to do.
   *
   * @throws FsException EOPNOTSUPP for a mode no tree has
   */
  public AllocateMode allocateMode() throws BadRequestException, FsException {
    int mode = request.bodyInt(FuseWire.FALLOCATE_MODE);
    return switch (mode) {
      case 0 -> AllocateMode.ALLOCATE;
      case FALLOC_KEEP_SIZE -> AllocateMode.ALLOCATE_KEEP_SIZE;
      case FALLOC_PUNCH_HOLE | FALLOC_KEEP_SIZE -> AllocateMode.PUNCH_HOLE;
      case FALLOC_ZERO_RANGE -> AllocateMode.ZERO_RANGE;
      case FALLOC_ZERO_RANGE | FALLOC_KEEP_SIZE -> AllocateMode.ZERO_RANGE_KEEP_SIZE;
      default -> throw new FsException(Errno.EOPNOTSUPP, "fallocate mode " + mode);
    };
  }

  /** LSEEK: the handle. */
  public FileHandle seekHandle() throws BadRequestException {
    return handle(FuseWire.LSEEK_HANDLE);
  }

  /** LSEEK: from where. */
  public long seekOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.LSEEK_OFFSET);
  }

  /**
   * LSEEK: what is looked for.
   *
   * @throws FsException EINVAL for what the kernel answers itself
   */
  public SeekTarget seekTarget() throws BadRequestException, FsException {
    int whence = request.bodyInt(FuseWire.LSEEK_WHENCE);
    return switch (whence) {
      case SEEK_DATA -> SeekTarget.DATA;
      case SEEK_HOLE -> SeekTarget.HOLE;
      default -> throw new FsException(Errno.EINVAL, "whence " + whence);
    };
  }

  /** COPY_FILE_RANGE: the source's handle; the source is the request's inode. */
  public FileHandle copyFromHandle() throws BadRequestException {
    return handle(FuseWire.COPY_HANDLE_IN);
  }

  /** COPY_FILE_RANGE: from where. */
  public long copyFromOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.COPY_OFFSET_IN);
  }

  /** COPY_FILE_RANGE: the inode to copy to. */
  public long copyToNode() throws BadRequestException {
    return request.bodyLong(FuseWire.COPY_NODE_OUT);
  }

  /** COPY_FILE_RANGE: its handle. */
  public FileHandle copyToHandle() throws BadRequestException {
    return handle(FuseWire.COPY_HANDLE_OUT);
  }

  /** COPY_FILE_RANGE: to where. */
  public long copyToOffset() throws BadRequestException {
    return request.bodyLong(FuseWire.COPY_OFFSET_OUT);
  }

  /** COPY_FILE_RANGE: how much. */
  public long copyBytes() throws BadRequestException {
    return request.bodyLong(FuseWire.COPY_LENGTH);
  }

  private FileHandle handle(int offset) throws BadRequestException {
    long value = request.bodyLong(offset);
    return value == 0 ? FileHandle.NONE : new FileHandle(value);
  }
}
