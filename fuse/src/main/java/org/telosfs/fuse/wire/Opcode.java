package org.telosfs.fuse.wire;

import java.util.Arrays;

/** What the kernel asks for. */
public enum Opcode {
  LOOKUP(1),
  FORGET(2),
  GETATTR(3),
  SETATTR(4),
  READLINK(5),
  SYMLINK(6),
  MKNOD(8),
  MKDIR(9),
  UNLINK(10),
  RMDIR(11),
  RENAME(12),
  LINK(13),
  OPEN(14),
  READ(15),
  WRITE(16),
  STATFS(17),
  RELEASE(18),
  FSYNC(20),
  SETXATTR(21),
  GETXATTR(22),
  LISTXATTR(23),
  REMOVEXATTR(24),
  FLUSH(25),
  INIT(26),
  OPENDIR(27),
  READDIR(28),
  RELEASEDIR(29),
  FSYNCDIR(30),
  GETLK(31),
  SETLK(32),
  SETLKW(33),
  ACCESS(34),
  CREATE(35),
  INTERRUPT(36),
  BMAP(37),
  DESTROY(38),
  IOCTL(39),
  POLL(40),
  NOTIFY_REPLY(41),
  BATCH_FORGET(42),
  FALLOCATE(43),
  READDIRPLUS(44),
  RENAME2(45),
  LSEEK(46),
  COPY_FILE_RANGE(47),
  SETUPMAPPING(48),
  REMOVEMAPPING(49),
  SYNCFS(50),
  TMPFILE(51),
  STATX(52),
  COPY_FILE_RANGE_64(53),
  /** Whatever a later kernel has thought of; it takes ENOSYS for an answer. */
  UNKNOWN(0);

  /** No {@link #number} is above this. */
  public static final int LARGEST_NUMBER = 53;

  private static final Opcode[] BY_NUMBER = byNumber();

  private final int number;

  Opcode(int number) {
    this.number = number;
  }

  /** The number on the wire; 0 for {@link #UNKNOWN}. */
  public int number() {
    return number;
  }

  /** The operation with this number, or {@link #UNKNOWN}. */
  public static Opcode of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
  }

  /**
   * True where waiting for a device is the rule: whoever serves it lets someone else read on before
   * it starts.
   */
  public boolean usuallyBlocks() {
    return this == SYNCFS
        || this == FALLOCATE
        || this == COPY_FILE_RANGE
        || this == COPY_FILE_RANGE_64;
  }

  private static Opcode[] byNumber() {
    Opcode[] table = new Opcode[LARGEST_NUMBER + 1];
    Arrays.fill(table, UNKNOWN);
    for (Opcode opcode : values()) {
      table[opcode.number] = opcode;
    }
    return table;
  }
}
