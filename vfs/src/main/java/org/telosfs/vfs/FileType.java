package org.telosfs.vfs;

/** What an inode is; see inode(7). */
public enum FileType {
  FIFO(1),
  CHARACTER_DEVICE(2),
  DIRECTORY(4),
  BLOCK_DEVICE(6),
  REGULAR(8),
  SYMLINK(10),
  SOCKET(12);

  /** Where the type stands in {@code st_mode}. */
  private static final int MODE_SHIFT = 12;

  private final int code;

  FileType(int code) {
    this.code = code;
  }

  /** The {@code d_type} of readdir(3), which is also {@code st_mode >> 12}. */
  public int code() {
    return code;
  }

  /** The S_IFMT bits of {@code st_mode}. */
  public int modeBits() {
    return code << MODE_SHIFT;
  }

  /**
   * The type in a {@code st_mode}.
   *
   * @throws FsException EINVAL if the S_IFMT bits name no type
   */
  public static FileType ofMode(int mode) throws FsException {
    return ofCode((mode >>> MODE_SHIFT) & 0xF);
  }

  /**
   * The type of a {@link #code()}.
   *
   * @throws FsException EINVAL if there is none
   */
  public static FileType ofCode(int code) throws FsException {
    return switch (code) {
      case 1 -> FIFO;
      case 2 -> CHARACTER_DEVICE;
      case 4 -> DIRECTORY;
      case 6 -> BLOCK_DEVICE;
      case 8 -> REGULAR;
      case 10 -> SYMLINK;
      case 12 -> SOCKET;
      default -> throw new FsException(Errno.EINVAL, "file type " + code);
    };
  }
}
