package org.telosfs.fuse.wire;

import java.util.EnumSet;
import java.util.Set;

/** Every capability that INIT can negotiate, and what we do about it. */
public enum InitFlag {
  ASYNC_READ(0, Use.TAKEN, "read-ahead goes on while a read waits"),
  POSIX_LOCKS(1, Use.REFUSED, "one kernel sees all users of a mount and keeps record locks itself"),
  FILE_OPS(2, Use.REFUSED, "never used by any kernel"),
  ATOMIC_O_TRUNC(3, Use.REFUSED, "a tree is told to truncate by setattr, so that open stays free"),
  EXPORT_SUPPORT(4, Use.TAKEN, "lookup resolves . and .. for NFS file handles"),
  BIG_WRITES(5, Use.TAKEN, "writes above 4 KiB; the default since 4.20"),
  DONT_MASK(6, Use.TAKEN, "the tree applies the umask, since a default ACL may override it"),
  SPLICE_WRITE(7, Use.REFUSED, "a pipe in between costs more than the copy of one request"),
  SPLICE_MOVE(8, Use.REFUSED, "as SPLICE_WRITE"),
  SPLICE_READ(9, Use.REFUSED, "as SPLICE_WRITE"),
  FLOCK_LOCKS(10, Use.REFUSED, "as POSIX_LOCKS"),
  HAS_IOCTL_DIR(11, Use.REFUSED, "trees have no ioctl"),
  AUTO_INVAL_DATA(12, Use.REFUSED, "EXPLICIT_INVAL_DATA is taken instead"),
  DO_READDIRPLUS(13, Use.TAKEN, "ls -l in one request a block of names"),
  READDIRPLUS_AUTO(14, Use.TAKEN, "the kernel asks for attributes only where they get used"),
  ASYNC_DIO(15, Use.TAKEN, "parallel requests of one large direct read or write"),
  WRITEBACK_CACHE(16, Use.ON_REQUEST, "the kernel then owns mtime and size"),
  NO_OPEN_SUPPORT(17, Use.WHERE_STATELESS, "open needs no message after the first"),
  PARALLEL_DIROPS(18, Use.TAKEN, "lookups and listings of one directory at once"),
  HANDLE_KILLPRIV(19, Use.REFUSED, "HANDLE_KILLPRIV_V2 is taken instead"),
  POSIX_ACL(20, Use.WHERE_ACLS_ARE_KEPT, "the kernel enforces what the tree keeps"),
  ABORT_ERROR(21, Use.REFUSED, "an abort ends a session as an unmount does"),
  MAX_PAGES(22, Use.TAKEN, "requests of 1 MiB"),
  CACHE_SYMLINKS(23, Use.TAKEN, "a symlink's target never changes"),
  NO_OPENDIR_SUPPORT(24, Use.WHERE_STATELESS, "opendir needs no message after the first"),
  EXPLICIT_INVAL_DATA(25, Use.TAKEN, "a tree says when something else has changed it"),
  MAP_ALIGNMENT(26, Use.REFUSED, "DAX is for virtiofs"),
  SUBMOUNTS(27, Use.REFUSED, "a tree is one filesystem"),
  HANDLE_KILLPRIV_V2(28, Use.TAKEN, "the tree clears set-id bits in the same step as it writes"),
  SETXATTR_EXT(29, Use.WHERE_ACLS_ARE_KEPT, "an ACL that is set may cost setgid"),
  INIT_EXT(30, Use.TAKEN, "the flags from bit 32 on"),
  SECURITY_CTX(32, Use.REFUSED, "labels are set by setxattr"),
  HAS_INODE_DAX(33, Use.REFUSED, "DAX is for virtiofs"),
  CREATE_SUPP_GROUP(34, Use.REFUSED, "new files take the caller's or the directory's group"),
  HAS_EXPIRE_ONLY(35, Use.REFUSED, "what changed is dropped, not aged"),
  DIRECT_IO_ALLOW_MMAP(36, Use.TAKEN, "mmap of a file that is read past the page cache"),
  PASSTHROUGH(37, Use.REFUSED, "needs a backing file for each open; content goes through us"),
  NO_EXPORT_SUPPORT(38, Use.REFUSED, "EXPORT_SUPPORT is taken"),
  HAS_RESEND(39, Use.REFUSED, "a daemon that died leaves nothing to resend to"),
  ALLOW_IDMAP(40, Use.REFUSED, "owners are shown as they are stored"),
  OVER_IO_URING(41, Use.REFUSED, "a read and a write a request do, and work everywhere"),
  REQUEST_TIMEOUT(42, Use.REFUSED, "a slow device is no reason to abort a mount");

  private final int bit;
  private final Use use;
  private final String reason;

  InitFlag(int bit, Use use, String reason) {
    this.bit = bit;
    this.use = use;
    this.reason = reason;
  }

  /** The flag in the 64 bits that INIT carries. */
  public long mask() {
    return 1L << bit;
  }

  /** Whether we take it when the kernel offers it. */
  public Use use() {
    return use;
  }

  /** Why. */
  public String reason() {
    return reason;
  }

  /** The flags in {@code bits}. */
  public static Set<InitFlag> of(long bits) {
    Set<InitFlag> flags = EnumSet.noneOf(InitFlag.class);
    for (InitFlag flag : values()) {
      if ((bits & flag.mask()) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }

  /** What becomes of an offer. */
  public enum Use {
    TAKEN,
    /** Taken where the tree's open keeps no state. */
    WHERE_STATELESS,
    /** Taken where the tree keeps access control lists. */
    WHERE_ACLS_ARE_KEPT,
    /** Taken where the mount's configuration asks for it. */
    ON_REQUEST,
    REFUSED
  }
}
