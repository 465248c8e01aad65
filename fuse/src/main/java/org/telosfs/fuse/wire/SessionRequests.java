package org.telosfs.fuse.wire;

/** Fields of INIT and INTERRUPT. */
public final class SessionRequests {
  private final RequestView request;

  public SessionRequests(RequestView request) {
    this.request = request;
  }

  /** INIT: the kernel's major. */
  public int initMajor() throws BadRequestException {
    return request.bodyInt(FuseWire.INIT_MAJOR);
  }

  /** INIT: the kernel's minor. */
  public int initMinor() throws BadRequestException {
    return request.bodyInt(FuseWire.INIT_MINOR);
  }

  /** INIT: how far the kernel wants to read ahead. */
  public int initMaxReadaheadBytes() throws BadRequestException {
    return request.bodyInt(FuseWire.INIT_READAHEAD);
  }

  /** INIT: all flags that are offered, as {@link InitFlag#mask} has them. */
  public long initFlags() throws BadRequestException {
    long low = Integer.toUnsignedLong(request.bodyInt(FuseWire.INIT_FLAGS));
    boolean extended =
        (low & InitFlag.INIT_EXT.mask()) != 0 && request.bodyBytes() > FuseWire.INIT_IN_OLD_BYTES;
    long high = extended ? Integer.toUnsignedLong(request.bodyInt(FuseWire.INIT_FLAGS2)) : 0;
    return high << Integer.SIZE | low;
  }

  /** INTERRUPT: the request that someone no longer wants to wait for. */
  public long interruptedUnique() throws BadRequestException {
    return request.bodyLong(FuseWire.INTERRUPT_UNIQUE);
  }
}
