package org.telosfs.fuse;

import org.telosfs.fuse.wire.FuseWire;
import org.telosfs.fuse.wire.InitAnswer;
import org.telosfs.fuse.wire.InitFlag;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;

/** What we answer to what the kernel offers; a pure function. */
final class InitNegotiation {
  private static final int MAX_BACKGROUND = 64;
  private static final int CONGESTION_THRESHOLD = 48;

  private InitNegotiation() {}

  /**
   * The answer to INIT.
   *
   * @param offered the kernel's flags, as {@link InitFlag#mask} has them
   * @throws FsException EPROTO for a protocol that is too old
   */
  static InitAnswer answer(
      int major,
      int minor,
      int maxReadaheadBytes,
      long offered,
      FileSystemTraits traits,
      FuseConfig config)
      throws FsException {
    if (major < FuseWire.MAJOR || (major == FuseWire.MAJOR && minor < FuseWire.LEAST_MINOR)) {
      throw new FsException(
          Errno.EPROTO,
          "the kernel speaks FUSE "
              + major
              + "."
              + minor
              + ", which is older than 7."
              + FuseWire.LEAST_MINOR
              + " (Linux 5.4)");
    }
    // A newer major is answered with ours; the kernel then asks again in ours.
    int agreed = major > FuseWire.MAJOR ? FuseWire.MINOR : Math.min(minor, FuseWire.MINOR);
    return new InitAnswer(
        agreed,
        maxReadaheadBytes,
        offered & wanted(traits, config),
        config.maxRequestBytes(),
        config.maxPages(),
        MAX_BACKGROUND,
        CONGESTION_THRESHOLD);
  }

  /** All flags we would take. */
  private static long wanted(FileSystemTraits traits, FuseConfig config) {
    long wanted = 0;
    for (InitFlag flag : InitFlag.values()) {
      boolean take =
          switch (flag.use()) {
            case TAKEN -> true;
            case WHERE_STATELESS -> traits.statelessOpen();
            case WHERE_ACLS_ARE_KEPT -> traits.posixAcls();
            case ON_REQUEST -> config.writebackCache();
            case REFUSED -> false;
          };
      wanted |= take ? flag.mask() : 0;
    }
    return wanted;
  }
}
