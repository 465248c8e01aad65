package org.telosfs.block;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was done to a device, in order. A discard is a write of rubbish. Safe for threads. */
public final class WriteLog {
  /**
   * A write, or a flush if there are no bytes.
   *
   * @param bytes never changed
   */
  record Event(long offsetBytes, byte @Nullable [] bytes) {
    boolean isFlush() {
      return bytes == null;
    }

    @Override
    public String toString() {
      return bytes == null ? "flush" : "write " + bytes.length + " at " + offsetBytes;
    }
  }

  private final List<Event> events = new ArrayList<>();

  synchronized void write(long offsetBytes, ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.duplicate().get(bytes);
    events.add(new Event(offsetBytes, bytes));
  }

  synchronized void discard(long offsetBytes, long lengthBytes) {
    events.add(new Event(offsetBytes, rubbish(lengthBytes)));
  }

  synchronized void flush() {
    events.add(new Event(0, null));
  }

  /** How much was done so far. */
  public synchronized int position() {
    return events.size();
  }

  /** How often the device was flushed so far. */
  public synchronized long flushes() {
    return events.stream().filter(Event::isFlush).count();
  }

  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  static byte[] rubbish(long lengthBytes) {
    byte[] bytes = new byte[Math.toIntExact(lengthBytes)];
    Arrays.fill(bytes, (byte) 0xDD);
    return bytes;
  }

  @Override
  public String toString() {
    return events().toString();
  }
}
