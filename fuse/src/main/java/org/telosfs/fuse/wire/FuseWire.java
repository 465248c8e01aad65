package org.telosfs.fuse.wire;

/**
 * Sizes and offsets of the kernel's structures ({@code linux/fuse.h}), each table as {@code offset
 * size field}. No other class knows an offset. Requests are a {@code fuse_in_header}, the
 * operation's structure, and then names or data; replies a {@code fuse_out_header} and a structure.
 */
public final class FuseWire {
  public static final int MAJOR = 7;
  public static final int MINOR = 45;
  public static final int LEAST_MINOR = 31;

  /** {@code FUSE_ROOT_ID}. */
  public static final long ROOT_NODE = 1;

  /**
   * {@code fuse_in_header}. 0 4 len | 4 4 opcode | 8 8 unique | 16 8 nodeid | 24 4 uid | 28 4 gid |
   * 32 4 pid | 36 2 total_extlen | 38 2 zero
   */
  public static final int IN_HEADER_BYTES = 40;

  static final int IN_LEN = 0;
  static final int IN_OPCODE = 4;
  static final int IN_UNIQUE = 8;
  static final int IN_NODE = 16;
  static final int IN_UID = 24;
  static final int IN_GID = 28;
  static final int IN_PID = 32;

  /**
   * {@code fuse_out_header}. 0 4 len | 4 4 error (negative), or a notification's code | 8 8 unique,
   * 0 in a notification
   */
  public static final int OUT_HEADER_BYTES = 16;

  static final int OUT_LEN = 0;
  static final int OUT_ERROR = 4;
  static final int OUT_UNIQUE = 8;

  /**
   * {@code fuse_attr}. 0 8 ino | 8 8 size | 16 8 blocks | 24 8 atime | 32 8 mtime | 40 8 ctime | 48
   * 4 atimensec | 52 4 mtimensec | 56 4 ctimensec | 60 4 mode | 64 4 nlink | 68 4 uid | 72 4 gid |
   * 76 4 rdev | 80 4 blksize | 84 4 flags
   */
  static final int ATTR_BYTES = 88;

  static final int ATTR_INO = 0;
  static final int ATTR_SIZE = 8;
  static final int ATTR_BLOCKS = 16;
  static final int ATTR_ATIME = 24;
  static final int ATTR_MTIME = 32;
  static final int ATTR_CTIME = 40;
  static final int ATTR_ATIME_NANOS = 48;
  static final int ATTR_MTIME_NANOS = 52;
  static final int ATTR_CTIME_NANOS = 56;
  static final int ATTR_MODE = 60;
  static final int ATTR_NLINK = 64;
  static final int ATTR_UID = 68;
  static final int ATTR_GID = 72;
  static final int ATTR_RDEV = 76;
  static final int ATTR_BLKSIZE = 80;
  static final int ATTR_FLAGS = 84;

  /**
   * {@code fuse_entry_out}. 0 8 nodeid | 8 8 generation | 16 8 entry_valid | 24 8 attr_valid | 32 4
   * entry_valid_nsec | 36 4 attr_valid_nsec | 40 88 attr
   */
  static final int ENTRY_BYTES = 40 + ATTR_BYTES;

  static final int ENTRY_NODE = 0;
  static final int ENTRY_GENERATION = 8;
  static final int ENTRY_VALID = 16;
  static final int ENTRY_ATTR_VALID = 24;
  static final int ENTRY_VALID_NANOS = 32;
  static final int ENTRY_ATTR_VALID_NANOS = 36;
  static final int ENTRY_ATTR = 40;

  /** {@code fuse_attr_out}. 0 8 attr_valid | 8 4 attr_valid_nsec | 12 4 zero | 16 88 attr */
  static final int ATTR_OUT_BYTES = 16 + ATTR_BYTES;

  static final int ATTR_OUT_VALID = 0;
  static final int ATTR_OUT_VALID_NANOS = 8;
  static final int ATTR_OUT_ATTR = 16;

  /** {@code fuse_statx_in}. 0 4 getattr_flags | 4 4 zero | 8 8 fh | 16 4 sx_flags | 20 4 sx_mask */
  static final int STATX_IN_BYTES = 24;

  static final int STATX_IN_MASK = 20;

  /**
   * {@code fuse_statx_out}. 0 8 attr_valid | 8 4 attr_valid_nsec | 12 4 flags | 16 16 zero | 32 256
   * statx: 0 4 mask | 4 4 blksize | 8 8 attributes | 16 4 nlink | 20 4 uid | 24 4 gid | 28 2 mode |
   * 30 2 zero | 32 8 ino | 40 8 size | 48 8 blocks | 56 8 attributes_mask | 64 16 atime | 80 16
   * btime | 96 16 ctime | 112 16 mtime | 128 4 rdev_major | 132 4 rdev_minor | 136 4 dev_major |
   * 140 4 dev_minor | 144 112 zero; a time is 0 8 seconds | 8 4 nanoseconds | 12 4 zero
   */
  static final int STATX_OUT_BYTES = 32 + 256;

  static final int STATX_VALID = 0;
  static final int STATX_VALID_NANOS = 8;
  static final int STATX_STAT = 32;
  static final int SX_MASK = 0;
  static final int SX_BLKSIZE = 4;
  static final int SX_NLINK = 16;
  static final int SX_UID = 20;
  static final int SX_GID = 24;
  static final int SX_MODE = 28;
  static final int SX_INO = 32;
  static final int SX_SIZE = 40;
  static final int SX_BLOCKS = 48;
  static final int SX_ATIME = 64;
  static final int SX_BTIME = 80;
  static final int SX_CTIME = 96;
  static final int SX_MTIME = 112;
  static final int SX_RDEV_MAJOR = 128;
  static final int SX_RDEV_MINOR = 132;
  static final int SX_TIME_NANOS = 8;

  /** STATX_BASIC_STATS and STATX_BTIME: all that we tell. */
  static final int STATX_BASIC_AND_BTIME = 0xFFF;

  /**
   * {@code fuse_kstatfs}. 0 8 blocks | 8 8 bfree | 16 8 bavail | 24 8 files | 32 8 ffree | 40 4
   * bsize | 44 4 namelen | 48 4 frsize | 52 28 zero
   */
  static final int STATFS_BYTES = 80;

  static final int STATFS_BLOCKS = 0;
  static final int STATFS_BFREE = 8;
  static final int STATFS_BAVAIL = 16;
  static final int STATFS_FILES = 24;
  static final int STATFS_FFREE = 32;
  static final int STATFS_BSIZE = 40;
  static final int STATFS_NAMELEN = 44;
  static final int STATFS_FRSIZE = 48;

  /**
   * {@code fuse_setattr_in}. 0 4 valid | 4 4 zero | 8 8 fh | 16 8 size | 24 8 lock_owner | 32 8
   * atime | 40 8 mtime | 48 8 ctime | 56 4 atimensec | 60 4 mtimensec | 64 4 ctimensec | 68 4 mode
   * | 72 4 zero | 76 4 uid | 80 4 gid | 84 4 zero
   */
  static final int SETATTR_BYTES = 88;

  static final int SETATTR_VALID = 0;
  static final int SETATTR_SIZE = 16;
  static final int SETATTR_ATIME = 32;
  static final int SETATTR_MTIME = 40;
  static final int SETATTR_ATIME_NANOS = 56;
  static final int SETATTR_MTIME_NANOS = 60;
  static final int SETATTR_MODE = 68;
  static final int SETATTR_UID = 76;
  static final int SETATTR_GID = 80;

  /** {@code fuse_forget_in}. 0 8 nlookup */
  static final int FORGET_LOOKUPS = 0;

  /** {@code fuse_batch_forget_in}. 0 4 count | 4 4 zero | 8 count * 16: 0 8 nodeid | 8 8 nlookup */
  static final int BATCH_FORGET_COUNT = 0;

  static final int BATCH_FORGET_FIRST = 8;
  static final int FORGET_ONE_BYTES = 16;
  static final int FORGET_ONE_NODE = 0;
  static final int FORGET_ONE_LOOKUPS = 8;

  /** {@code fuse_mknod_in}. 0 4 mode | 4 4 rdev | 8 4 umask | 12 4 zero | 16 name */
  static final int MKNOD_MODE = 0;

  static final int MKNOD_RDEV = 4;
  static final int MKNOD_UMASK = 8;
  static final int MKNOD_NAME = 16;

  /** {@code fuse_mkdir_in}. 0 4 mode | 4 4 umask | 8 name */
  static final int MKDIR_MODE = 0;

  static final int MKDIR_UMASK = 4;
  static final int MKDIR_NAME = 8;

  /** {@code fuse_create_in}. 0 4 flags | 4 4 mode | 8 4 umask | 12 4 open_flags | 16 name */
  static final int CREATE_FLAGS = 0;

  static final int CREATE_MODE = 4;
  static final int CREATE_UMASK = 8;
  static final int CREATE_NAME = 16;

  /** {@code fuse_rename_in}. 0 8 newdir | 8 old name | new name */
  static final int RENAME_DIRECTORY = 0;

  static final int RENAME_NAMES = 8;

  /** {@code fuse_rename2_in}. 0 8 newdir | 8 4 flags | 12 4 zero | 16 old name | new name */
  static final int RENAME2_FLAGS = 8;

  static final int RENAME2_NAMES = 16;

  /** {@code fuse_link_in}. 0 8 oldnodeid | 8 new name */
  static final int LINK_NODE = 0;

  static final int LINK_NAME = 8;

  /** {@code fuse_open_in}. 0 4 flags | 4 4 open_flags */
  static final int OPEN_FLAGS = 0;

  /** {@code fuse_open_out}. 0 8 fh | 8 4 open_flags | 12 4 backing_id */
  static final int OPEN_OUT_BYTES = 16;

  static final int OPEN_OUT_HANDLE = 0;
  static final int OPEN_OUT_FLAGS = 8;

  /** {@code fuse_release_in}. 0 8 fh | 8 4 flags | 12 4 release_flags | 16 8 lock_owner */
  static final int RELEASE_HANDLE = 0;

  /**
   * {@code fuse_read_in}, also READDIR and READDIRPLUS. 0 8 fh | 8 8 offset | 16 4 size | 20 4
   * read_flags | 24 8 lock_owner | 32 4 flags | 36 4 zero
   */
  static final int READ_HANDLE = 0;

  static final int READ_OFFSET = 8;
  static final int READ_SIZE = 16;
  static final int READ_FLAGS = 32;

  /**
   * {@code fuse_write_in}. 0 8 fh | 8 8 offset | 16 4 size | 20 4 write_flags | 24 8 lock_owner |
   * 32 4 flags | 36 4 zero | 40 data
   */
  static final int WRITE_HANDLE = 0;

  static final int WRITE_OFFSET = 8;
  static final int WRITE_SIZE = 16;
  static final int WRITE_FLAGS = 20;
  static final int WRITE_DATA = 40;

  /** {@code fuse_write_out}. 0 4 size | 4 4 zero */
  static final int WRITE_OUT_BYTES = 8;

  /** {@code fuse_fsync_in}. 0 8 fh | 8 4 fsync_flags | 12 4 zero */
  static final int FSYNC_HANDLE = 0;

  static final int FSYNC_FLAGS = 8;

  /** {@code fuse_fallocate_in}. 0 8 fh | 8 8 offset | 16 8 length | 24 4 mode | 28 4 zero */
  static final int FALLOCATE_HANDLE = 0;

  static final int FALLOCATE_OFFSET = 8;
  static final int FALLOCATE_LENGTH = 16;
  static final int FALLOCATE_MODE = 24;

  /** {@code fuse_lseek_in}. 0 8 fh | 8 8 offset | 16 4 whence | 20 4 zero */
  static final int LSEEK_HANDLE = 0;

  static final int LSEEK_OFFSET = 8;
  static final int LSEEK_WHENCE = 16;

  /**
   * {@code fuse_copy_file_range_in}. 0 8 fh_in | 8 8 off_in | 16 8 nodeid_out | 24 8 fh_out | 32 8
   * off_out | 40 8 len | 48 8 flags
   */
  static final int COPY_HANDLE_IN = 0;

  static final int COPY_OFFSET_IN = 8;
  static final int COPY_NODE_OUT = 16;
  static final int COPY_HANDLE_OUT = 24;
  static final int COPY_OFFSET_OUT = 32;
  static final int COPY_LENGTH = 40;

  /**
   * {@code fuse_setxattr_in}. 0 4 size | 4 4 flags | 8 4 setxattr_flags | 12 4 zero | 16 name |
   * value; without SETXATTR_EXT the name follows the flags
   */
  static final int SETXATTR_SIZE = 0;

  static final int SETXATTR_FLAGS = 4;
  static final int SETXATTR_MORE_FLAGS = 8;
  static final int SETXATTR_NAME = 16;
  static final int SETXATTR_NAME_UNEXTENDED = 8;

  /** {@code fuse_getxattr_in}, also LISTXATTR. 0 4 size | 4 4 zero | 8 name */
  static final int GETXATTR_SIZE = 0;

  static final int GETXATTR_NAME = 8;

  /** {@code fuse_getxattr_out}. 0 4 size | 4 4 zero */
  static final int GETXATTR_OUT_BYTES = 8;

  /** {@code fuse_interrupt_in}. 0 8 unique */
  static final int INTERRUPT_UNIQUE = 0;

  /**
   * {@code fuse_init_in}. 0 4 major | 4 4 minor | 8 4 max_readahead | 12 4 flags | 16 4 flags2 | 20
   * 44 zero; before INIT_EXT (7.36) it ends at 16
   */
  static final int INIT_IN_OLD_BYTES = 16;

  static final int INIT_MAJOR = 0;
  static final int INIT_MINOR = 4;
  static final int INIT_READAHEAD = 8;
  static final int INIT_FLAGS = 12;
  static final int INIT_FLAGS2 = 16;

  /**
   * {@code fuse_init_out}. 0 4 major | 4 4 minor | 8 4 max_readahead | 12 4 flags | 16 2
   * max_background | 18 2 congestion_threshold | 20 4 max_write | 24 4 time_gran | 28 2 max_pages |
   * 30 2 map_alignment | 32 4 flags2 | 36 28 zero
   */
  static final int INIT_OUT_BYTES = 64;

  static final int INIT_OUT_MAX_BACKGROUND = 16;
  static final int INIT_OUT_CONGESTION = 18;
  static final int INIT_OUT_MAX_WRITE = 20;
  static final int INIT_OUT_TIME_GRANULARITY = 24;
  static final int INIT_OUT_MAX_PAGES = 28;
  static final int INIT_OUT_FLAGS2 = 32;

  /**
   * {@code fuse_dirent}. 0 8 ino | 8 8 off | 16 4 namelen | 20 4 type | 24 name; padded with zeros
   * to 8. READDIRPLUS puts a {@code fuse_entry_out} before each
   */
  static final int DIRENT_BYTES = 24;

  static final int DIRENT_INO = 0;
  static final int DIRENT_OFF = 8;
  static final int DIRENT_NAMELEN = 16;
  static final int DIRENT_TYPE = 20;
  static final int DIRENT_ALIGNMENT = 8;

  /** {@code fuse_notify_inval_inode_out}. 0 8 ino | 8 8 off | 16 8 len */
  static final int INVAL_INODE_BYTES = 24;

  static final int NOTIFY_INVAL_INODE = 2;

  /** {@code fuse_notify_inval_entry_out}. 0 8 parent | 8 4 namelen | 12 4 flags | 16 name | NUL */
  static final int INVAL_ENTRY_BYTES = 16;

  static final int NOTIFY_INVAL_ENTRY = 3;

  private FuseWire() {}
}
