package org.telosfs.persistence.ipc;

import java.nio.ByteBuffer;

/**
 * Puts frames together, one behind the other, in memory that grows. Used by one thread at a time.
 */
final class FrameWriter {
  private static final int KEPT_BYTES = 1 << 20;

  /** Memory outside the heap is worth its making only where it is used again and again. */
  private static final int MAX_HEAP_BYTES = 4 * 1024;

  private final int firstBytes;
  private ByteBuffer buffer;
  private int frame;
  private boolean unfinished;

  FrameWriter(int firstBytes) {
    this.firstBytes = firstBytes;
    this.buffer = allocate(firstBytes);
  }

  private static ByteBuffer allocate(int bytes) {
    return bytes <= MAX_HEAP_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
  }

  FrameWriter start(MessageType type, int request) {
    frame = buffer.position();
    unfinished = true;
    room(WireFormat.HEADER_BYTES);
    buffer.putInt(0).put(type.code()).put((byte) 0).putShort((short) 0).putInt(request);
    return this;
  }

  /** Ends the frame. */
  void end() {
    unfinished = false;
    buffer.putInt(
        frame + WireFormat.LENGTH_OFFSET, buffer.position() - frame - WireFormat.TYPE_OFFSET);
  }

  /** Ends the frame, of whose answer more follow. */
  void endWithMore() {
    buffer.put(frame + WireFormat.FLAGS_OFFSET, (byte) WireFormat.FLAG_MORE);
    end();
  }

  /** Forgets the frame that was started and not ended, if there is one. */
  void abandon() {
    if (unfinished) {
      buffer.position(frame);
      unfinished = false;
    }
  }

  FrameWriter putByte(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  FrameWriter putShort(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  FrameWriter putInt(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  FrameWriter putLong(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  FrameWriter putBytes(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  /** The buffer with room for so many bytes at its position. */
  ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + bytes);
      int capacity = (int) Math.min(wanted, Integer.MAX_VALUE - 8);
      buffer = allocate(capacity).put(buffer.flip());
    }
    return buffer;
  }

  int position() {
    return buffer.position();
  }

  /** Overwrites a number that was put at that position. */
  void setInt(int position, int value) {
    buffer.putInt(position, value);
  }

  /** How many bytes of frames are here. */
  int bytes() {
    return buffer.position();
  }

  /** The finished frames, to be taken wholly before anything else is put; then {@link #clear}. */
  ByteBuffer frames() {
    return buffer.flip();
  }

  void clear() {
    unfinished = false;
    if (buffer.capacity() > KEPT_BYTES) {
      buffer = allocate(firstBytes);
    } else {
      buffer.clear();
    }
  }
}
