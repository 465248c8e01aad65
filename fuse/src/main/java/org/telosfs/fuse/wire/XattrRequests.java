package org.telosfs.fuse.wire;

import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;

/** Fields of the requests about extended attributes. */
public final class XattrRequests {
  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;
  private static final int ACL_KILL_SGID = 1;

  private final RequestView request;

  public XattrRequests(RequestView request) {
    this.request = request;
  }

  /**
   * SETXATTR: the name.
   *
   * @param extended SETXATTR_EXT has been agreed on
   */
  public XattrName setName(boolean extended) throws BadRequestException, FsException {
    return XattrName.of(request.string(nameOffset(extended)));
  }

  /** SETXATTR: the value. */
  public byte[] setValue(boolean extended) throws BadRequestException {
    int name = nameOffset(extended);
    int afterName = name + request.stringBytes(name) + 1;
    return request.bodyBytes(afterName, request.bodyInt(FuseWire.SETXATTR_SIZE));
  }

  /** SETXATTR: whether an access control list that is set clears setgid. */
  public boolean clearsSetgid(boolean extended) throws BadRequestException {
    return extended && (request.bodyInt(FuseWire.SETXATTR_MORE_FLAGS) & ACL_KILL_SGID) != 0;
  }

  private static int nameOffset(boolean extended) {
    return extended ? FuseWire.SETXATTR_NAME : FuseWire.SETXATTR_NAME_UNEXTENDED;
  }

  /**
   * SETXATTR: whether it must or must not exist.
   *
   * @throws FsException EINVAL for both at once or something else
   */
  public XattrMode setMode() throws BadRequestException, FsException {
    int flags = request.bodyInt(FuseWire.SETXATTR_FLAGS);
    return switch (flags) {
      case 0 -> XattrMode.SET;
      case XATTR_CREATE -> XattrMode.CREATE;
      case XATTR_REPLACE -> XattrMode.REPLACE;
      default -> throw new FsException(Errno.EINVAL, "setxattr flags " + flags);
    };
  }

  /** GETXATTR: the name. */
  public XattrName getName() throws BadRequestException, FsException {
    return XattrName.of(request.string(FuseWire.GETXATTR_NAME));
  }

  /** GETXATTR, LISTXATTR: how much fits; 0 asks for the size alone. */
  public int roomBytes() throws BadRequestException {
    return request.bodyInt(FuseWire.GETXATTR_SIZE);
  }

  /** REMOVEXATTR: the name. */
  public XattrName removeName() throws BadRequestException, FsException {
    return XattrName.of(request.string(0));
  }
}
