package org.telosfs.block.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.telosfs.block.BlockDevice;

/**
 * The ring's bytes on the device. Positions only grow; the byte of a position lies at the position
 * modulo the ring's size, so that no place is ever reached by two positions of one lap.
 *
 * @param device where it lies
 * @param startBytes its first byte on the device
 * @param sizeBytes its size, a multiple of {@link JournalFormat#ALIGN_BYTES}
 */
public record JournalRing(BlockDevice device, long startBytes, long sizeBytes) {
  public JournalRing {
    if (sizeBytes < JournalFormat.ALIGN_BYTES
        || sizeBytes % JournalFormat.ALIGN_BYTES != 0
        || startBytes % JournalFormat.ALIGN_BYTES != 0) {
      throw new IllegalArgumentException("startBytes=" + startBytes + " sizeBytes=" + sizeBytes);
    }
  }

  void write(long position, ByteBuffer from) throws IOException {
    int first = beforeTheEnd(position, from.remaining());
    int all = from.limit();
    device.write(offset(position), from.limit(from.position() + first));
    from.limit(all);
    if (from.hasRemaining()) {
      device.write(startBytes, from);
    }
  }

  void read(long position, ByteBuffer into) throws IOException {
    int first = beforeTheEnd(position, into.remaining());
    int all = into.limit();
    device.read(offset(position), into.limit(into.position() + first));
    into.limit(all);
    if (into.hasRemaining()) {
      device.read(startBytes, into);
    }
  }

  /**
   * Puts zeros at a position if nothing was ever written there: on a sparse file it then has its
   * place, and the flush of each group that follows changes nothing but the group.
   *
   * @return how many bytes, fewer than asked at the end of the ring
   */
  int prepare(long position, int bytes) throws IOException {
    int first = beforeTheEnd(position, bytes);
    ByteBuffer start = ByteBuffer.allocate(JournalFormat.ALIGN_BYTES);
    device.read(offset(position), start);
    if (start.rewind().getInt(JournalFormat.MAGIC_OFFSET) == 0) {
      device.write(offset(position), ByteBuffer.allocate(first));
    }
    return first;
  }

  private long offset(long position) {
    return startBytes + position % sizeBytes;
  }

  private int beforeTheEnd(long position, int bytes) {
    return (int) Math.min(bytes, sizeBytes - position % sizeBytes);
  }
}
