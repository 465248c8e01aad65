package org.telosfs.persistence.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Whole frames from a stream, read in place where they fit. Used by one thread; {@link
 * #waitingSince} by any.
 */
final class FrameReader {
  private static final int FIRST_BUFFER_BYTES = 4 * 1024;
  private static final int BUFFER_BYTES = 128 * 1024;

  private final ReadableByteChannel channel;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES).limit(0);
  private int maxFrameBytes;
  private int maxBufferBytes = FIRST_BUFFER_BYTES;

  /** Whether the last read took as much as there was room for. */
  private boolean filledUp;

  private ByteBuffer body = buffer.slice(0, 0);
  private byte type;
  private int flags;
  private int request;

  /** When the first byte of an unfinished frame came; 0 if nothing is unfinished. */
  private volatile long unfinishedSinceNanos;

  FrameReader(ReadableByteChannel channel, int maxFrameBytes) {
    this.channel = channel;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Reads more at once, and longer frames, now that the other side is known. */
  void trust(int frameBytes) {
    maxFrameBytes = frameBytes;
    maxBufferBytes = BUFFER_BYTES;
  }

  /** Small until much comes at once: who sends little costs little. */
  private void enlarge(int atLeastBytes) {
    int bytes = Math.min(maxBufferBytes, Integer.highestOneBit(atLeastBytes - 1) << 1);
    buffer = ByteBuffer.allocateDirect(bytes).put(buffer).flip();
  }

  /**
   * Waits for a frame; false if the stream ended between frames.
   *
   * @throws IpcException if it is longer than allowed, or no frame
   */
  boolean next() throws IOException {
    unfinishedSinceNanos = buffer.hasRemaining() ? now() : 0;
    while (buffer.remaining() < WireFormat.HEADER_BYTES) {
      if (!fill()) {
        return false;
      }
    }
    int start = buffer.position();
    int length = buffer.getInt(start + WireFormat.LENGTH_OFFSET);
    if (length < WireFormat.MIN_LENGTH || buffer.getShort(start + WireFormat.ZERO_OFFSET) != 0) {
      throw new IpcException(IpcError.MALFORMED, "no frame starts with these bytes");
    }
    int wholeBytes = length + WireFormat.TYPE_OFFSET;
    if (length > maxFrameBytes || wholeBytes > maxFrameBytes) {
      throw new IpcException(
          IpcError.FRAME_TOO_LARGE,
          "a frame of " + wholeBytes + " bytes is longer than " + maxFrameBytes);
    }
    type = buffer.get(start + WireFormat.TYPE_OFFSET);
    flags = buffer.get(start + WireFormat.FLAGS_OFFSET);
    request = buffer.getInt(start + WireFormat.REQUEST_OFFSET);
    if (wholeBytes > buffer.capacity() && wholeBytes <= maxBufferBytes) {
      enlarge(wholeBytes);
    }
    if (wholeBytes > buffer.capacity()) {
      body = inOwnMemory(wholeBytes);
    } else {
      while (buffer.remaining() < wholeBytes) {
        if (!fill()) {
          throw new EOFException("the stream ended within a frame");
        }
      }
      start = buffer.position();
      body = buffer.slice(start + WireFormat.HEADER_BYTES, wholeBytes - WireFormat.HEADER_BYTES);
      buffer.position(start + wholeBytes);
    }
    unfinishedSinceNanos = 0;
    return true;
  }

  /** A frame that does not fit into the buffer gets memory of its own, as its bytes come. */
  private ByteBuffer inOwnMemory(int wholeBytes) throws IOException {
    int bodyBytes = wholeBytes - WireFormat.HEADER_BYTES;
    buffer.position(buffer.position() + WireFormat.HEADER_BYTES);
    ByteBuffer whole = ByteBuffer.allocate(Math.min(bodyBytes, 4 * BUFFER_BYTES));
    while (true) {
      if (whole.remaining() < buffer.remaining() && whole.capacity() < bodyBytes) {
        int larger = (int) Math.min(bodyBytes, 2L * whole.capacity());
        whole = ByteBuffer.allocate(larger).put(whole.flip());
      }
      int taken = Math.min(buffer.remaining(), bodyBytes - whole.position());
      whole.put(buffer.slice(buffer.position(), taken));
      buffer.position(buffer.position() + taken);
      if (whole.position() == bodyBytes) {
        return whole.flip();
      }
      if (!fill()) {
        throw new EOFException("the stream ended within a frame");
      }
    }
  }

  /** Reads what there is, at least a byte; false at the end of the stream. */
  private boolean fill() throws IOException {
    if (filledUp && buffer.capacity() < maxBufferBytes) {
      enlarge(4 * buffer.capacity());
    }
    if (!buffer.hasRemaining()) {
      buffer.clear();
    } else if (buffer.position() > 0) {
      buffer.compact();
    } else {
      buffer.position(buffer.limit()).limit(buffer.capacity());
    }
    int read;
    try {
      read = channel.read(buffer);
    } finally {
      filledUp = !buffer.hasRemaining();
      buffer.flip();
    }
    if (read < 0) {
      if (buffer.hasRemaining()) {
        throw new EOFException("the stream ended within a frame");
      }
      return false;
    }
    if (unfinishedSinceNanos == 0) {
      unfinishedSinceNanos = now();
    }
    return true;
  }

  private static long now() {
    long now = System.nanoTime();
    return now == 0 ? 1 : now;
  }

  /** Whether bytes of a further frame are here already. */
  boolean hasMore() {
    return buffer.hasRemaining();
  }

  /** {@link System#nanoTime} when an unfinished frame began; 0 if none did. */
  long waitingSince() {
    return unfinishedSinceNanos;
  }

  byte type() {
    return type;
  }

  int flags() {
    return flags;
  }

  int request() {
    return request;
  }

  /** Of the frame read last; valid until the next is read. */
  ByteBuffer body() {
    return body;
  }
}
