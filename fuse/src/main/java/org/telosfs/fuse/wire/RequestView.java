package org.telosfs.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * One request, read in place. It belongs to the thread that owns the buffer and shows whatever was
 * received into it last; nothing is kept of a request beyond that.
 *
 * <p>Header fields may be asked once {@link #received} has accepted the request. Fields of the body
 * are checked against the request's length at each get.
 */
public final class RequestView {
  private final ByteBuffer buffer;
  private final ByteBuffer data;
  private int lengthBytes;

  /** Shows requests in {@code buffer}, from its index 0 on; its position and limit mean nothing. */
  public RequestView(ByteBuffer buffer) {
    this.buffer = buffer.duplicate().order(ByteOrder.nativeOrder());
    this.buffer.clear();
    this.data = this.buffer.duplicate();
  }

  /**
   * A request of {@code bytes} bytes has been put into the buffer.
   *
   * @throws BadRequestException if that is no whole header, or not the length the header tells
   */
  public void received(int bytes) throws BadRequestException {
    lengthBytes = 0;
    if (bytes < FuseWire.IN_HEADER_BYTES || bytes > buffer.capacity()) {
      throw new BadRequestException("request of " + bytes + " bytes");
    }
    int told = buffer.getInt(FuseWire.IN_LEN);
    if (told != bytes) {
      throw new BadRequestException("request of " + bytes + " bytes says that it has " + told);
    }
    lengthBytes = bytes;
  }

  /** The operation. */
  public Opcode opcode() {
    return Opcode.of(opcodeNumber());
  }

  /** The operation's number as it came. */
  public int opcodeNumber() {
    return buffer.getInt(FuseWire.IN_OPCODE);
  }

  /** Names the request in its reply; the kernel never uses 0. */
  public long unique() {
    return buffer.getLong(FuseWire.IN_UNIQUE);
  }

  /** The inode it is about; 0 where it is about none. */
  public long node() {
    return buffer.getLong(FuseWire.IN_NODE);
  }

  /** The caller's filesystem uid. */
  public int uid() {
    return buffer.getInt(FuseWire.IN_UID);
  }

  /** The caller's filesystem gid. */
  public int gid() {
    return buffer.getInt(FuseWire.IN_GID);
  }

  /** The calling thread, 0 for the kernel itself. */
  public int pid() {
    return buffer.getInt(FuseWire.IN_PID);
  }

  /** Bytes of the whole request. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** Bytes after the header. */
  int bodyBytes() {
    return lengthBytes - FuseWire.IN_HEADER_BYTES;
  }

  int bodyInt(int offset) throws BadRequestException {
    return buffer.getInt(at(offset, Integer.BYTES));
  }

  long bodyLong(int offset) throws BadRequestException {
    return buffer.getLong(at(offset, Long.BYTES));
  }

  /** The body's {@code bytes} bytes from {@code offset} on, valid until the next request. */
  ByteBuffer bodyData(int offset, int bytes) throws BadRequestException {
    int from = at(offset, bytes);
    return data.limit(from + bytes).position(from);
  }

  byte[] bodyBytes(int offset, int bytes) throws BadRequestException {
    byte[] copy = new byte[checked(offset, bytes)];
    buffer.get(FuseWire.IN_HEADER_BYTES + offset, copy);
    return copy;
  }

  /** Length of the NUL-terminated string at {@code offset}, without the NUL. */
  int stringBytes(int offset) throws BadRequestException {
    int start = at(offset, 0);
    for (int at = start; at < lengthBytes; at++) {
      if (buffer.get(at) == 0) {
        return at - start;
      }
    }
    throw new BadRequestException(this + " has no end of the name at " + offset);
  }

  byte[] string(int offset) throws BadRequestException {
    return bodyBytes(offset, stringBytes(offset));
  }

  /**
   * The NUL-terminated name at {@code offset}.
   *
   * @throws FsException ENAMETOOLONG above what a tree allows
   */
  FileName name(int offset) throws BadRequestException, FsException {
    return FileName.of(string(offset));
  }

  private int at(int offset, int bytes) throws BadRequestException {
    checked(offset, bytes);
    return FuseWire.IN_HEADER_BYTES + offset;
  }

  private int checked(int offset, int bytes) throws BadRequestException {
    if (bytes < 0 || offset > bodyBytes() - bytes) {
      throw new BadRequestException(
          this + " has no " + Integer.toUnsignedString(bytes) + " bytes at " + offset);
    }
    return bytes;
  }

  /** For people and logs. */
  @Override
  public String toString() {
    Opcode opcode = opcode();
    String name = opcode == Opcode.UNKNOWN ? "opcode " + opcodeNumber() : opcode.name();
    return name
        + " of inode "
        + Long.toUnsignedString(node())
        + " (request "
        + Long.toUnsignedString(unique())
        + ", "
        + lengthBytes
        + " bytes)";
  }
}
