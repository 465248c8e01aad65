package org.telosfs.fuse.wire;

import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.RenameMode;

/**
 * Fields of the requests that name something. A name may be refused: FsException ENAMETOOLONG above
 * 255 bytes.
 */
public final class NameRequests {
  private static final int RENAME_NOREPLACE = 1;
  private static final int RENAME_EXCHANGE = 2;
  private static final int RENAME_WHITEOUT = 4;

  private final RequestView request;

  public NameRequests(RequestView request) {
    this.request = request;
  }

  /** LOOKUP, UNLINK, RMDIR: the name. */
  public FileName name() throws BadRequestException, FsException {
    return request.name(0);
  }

  /** SYMLINK: the new name. */
  public FileName symlinkName() throws BadRequestException, FsException {
    return request.name(0);
  }

  /** SYMLINK: what it leads to. */
  public byte[] symlinkTarget() throws BadRequestException {
    return request.string(request.stringBytes(0) + 1);
  }

  /** MKNOD: the new name. */
  public FileName mknodName() throws BadRequestException, FsException {
    return request.name(FuseWire.MKNOD_NAME);
  }

  /**
   * MKNOD: what to make.
   *
   * @throws FsException EINVAL if the mode has no type
   */
  public FileType mknodType() throws BadRequestException, FsException {
    return FileType.ofMode(request.bodyInt(FuseWire.MKNOD_MODE));
  }

  /** MKNOD: the permissions asked for. */
  public int mknodPermissions() throws BadRequestException {
    return request.bodyInt(FuseWire.MKNOD_MODE) & Attributes.PERMISSION_MASK;
  }

  /** MKNOD: the device number, in the kernel's 32-bit encoding. */
  public int mknodDevice() throws BadRequestException {
    return request.bodyInt(FuseWire.MKNOD_RDEV);
  }

  /** MKNOD: the caller's umask. */
  public int mknodUmask() throws BadRequestException {
    return request.bodyInt(FuseWire.MKNOD_UMASK) & Attributes.PERMISSION_MASK;
  }

  /** MKDIR: the new name. */
  public FileName mkdirName() throws BadRequestException, FsException {
    return request.name(FuseWire.MKDIR_NAME);
  }

  /** MKDIR: the permissions asked for. */
  public int mkdirPermissions() throws BadRequestException {
    return request.bodyInt(FuseWire.MKDIR_MODE) & Attributes.PERMISSION_MASK;
  }

  /** MKDIR: the caller's umask. */
  public int mkdirUmask() throws BadRequestException {
    return request.bodyInt(FuseWire.MKDIR_UMASK) & Attributes.PERMISSION_MASK;
  }

  /** CREATE: the new name. */
  public FileName createName() throws BadRequestException, FsException {
    return request.name(FuseWire.CREATE_NAME);
  }

  /** CREATE, TMPFILE: the permissions asked for. */
  public int createPermissions() throws BadRequestException {
    return request.bodyInt(FuseWire.CREATE_MODE) & Attributes.PERMISSION_MASK;
  }

  /** CREATE, TMPFILE: the caller's umask. */
  public int createUmask() throws BadRequestException {
    return request.bodyInt(FuseWire.CREATE_UMASK) & Attributes.PERMISSION_MASK;
  }

  /** CREATE, TMPFILE: how to open it. */
  public OpenFlags createFlags() throws BadRequestException {
    return new OpenFlags(request.bodyInt(FuseWire.CREATE_FLAGS));
  }

  /** LINK: the new name. */
  public FileName linkName() throws BadRequestException, FsException {
    return request.name(FuseWire.LINK_NAME);
  }

  /** LINK: the inode that gets it. */
  public long linkedNode() throws BadRequestException {
    return request.bodyLong(FuseWire.LINK_NODE);
  }

  /** RENAME, RENAME2: the directory to move to. */
  public long renameDirectory() throws BadRequestException {
    return request.bodyLong(FuseWire.RENAME_DIRECTORY);
  }

  /** RENAME, RENAME2: the name that moves. */
  public FileName renameOldName() throws BadRequestException, FsException {
    return request.name(renameNames());
  }

  /** RENAME, RENAME2: its new name. */
  public FileName renameNewName() throws BadRequestException, FsException {
    int old = renameNames();
    return request.name(old + request.stringBytes(old) + 1);
  }

  /**
   * RENAME, RENAME2: what becomes of a name that exists.
   *
   * @throws FsException EINVAL for flags that we do not know or that exclude each other
   */
  public RenameMode renameMode() throws BadRequestException, FsException {
    if (request.opcode() == Opcode.RENAME) {
      return RenameMode.REPLACE;
    }
    int flags = request.bodyInt(FuseWire.RENAME2_FLAGS);
    return switch (flags) {
      case 0 -> RenameMode.REPLACE;
      case RENAME_NOREPLACE -> RenameMode.NO_REPLACE;
      case RENAME_EXCHANGE -> RenameMode.EXCHANGE;
      case RENAME_WHITEOUT -> RenameMode.WHITEOUT;
      case RENAME_WHITEOUT | RENAME_NOREPLACE -> RenameMode.WHITEOUT_NO_REPLACE;
      default -> throw new FsException(Errno.EINVAL, "rename flags " + flags);
    };
  }

  private int renameNames() {
    return request.opcode() == Opcode.RENAME ? FuseWire.RENAME_NAMES : FuseWire.RENAME2_NAMES;
  }
}
