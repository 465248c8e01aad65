package org.telosfs.block;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A row of sectors. Reads and writes are whole sectors at offsets that are multiples of a sector;
 * an offset or length that is not, or that lies beyond the end, is an {@link
 * IllegalArgumentException}. Safe for threads; reads and writes that overlap in time and place have
 * no order.
 */
public interface BlockDevice extends Closeable {
  /** Bytes of a sector: the unit of addressing, and what a torn write is made of. */
  int sectorBytes();

  /** Bytes of the device, a multiple of a sector; constant. */
  long sizeBytes();

  /**
   * Fills all that remains of the buffer.
   *
   * @throws IOException if the medium does not give all of it; the buffer's content is then void
   */
  void read(long offsetBytes, ByteBuffer into) throws IOException;

  /** Writes all that remains of the buffer; volatile until {@link #flush} returns. */
  void write(long offsetBytes, ByteBuffer from) throws IOException;

  /**
   * Makes durable whatever was written before the call.
   *
   * @throws IOException if that cannot be promised; it may then never be, whatever a later flush
   *     says
   */
  void flush() throws IOException;

  /**
   * Tells that the content of a range is no longer needed; it is undefined until written again. A
   * hint, which a device may ignore.
   */
  void discard(long offsetBytes, long lengthBytes) throws IOException;
}
