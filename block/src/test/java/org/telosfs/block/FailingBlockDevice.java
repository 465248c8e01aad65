package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * A medium that fails the n-th operation of a kind, once or from then on. A write that fails leaves
 * its first half behind; a flush that fails leaves what it should have flushed in doubt. Safe for
 * threads.
 */
public final class FailingBlockDevice implements BlockDevice {
  /** What can fail. */
  public enum Operation {
    READ,
    WRITE,
    FLUSH
  }

  /** For how long. */
  public enum Span {
    ONCE,
    FROM_THEN_ON
  }

  /** The failure of the medium. */
  public static final class MediumException extends IOException {
    private static final long serialVersionUID = 1;

    MediumException(Operation operation, long nth) {
      super("the medium fails " + operation + " number " + nth);
    }
  }

  private record Fault(long nth, Span span) {
    boolean strikes(long count) {
      return count == nth || (span == Span.FROM_THEN_ON && count > nth);
    }
  }

  private final BlockDevice device;
  private final Runnable onFailedFlush;
  private final Map<Operation, Fault> faults = new EnumMap<>(Operation.class);
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private long struck;
  private boolean exempt;

  /** Fails nothing so far. */
  public FailingBlockDevice(BlockDevice device) {
    this(device, () -> {});
  }

  /** Fails nothing so far; {@code onFailedFlush} does to the device what a failed flush does. */
  public FailingBlockDevice(BlockDevice device, Runnable onFailedFlush) {
    this.device = device;
    this.onFailedFlush = onFailedFlush;
    heal();
  }

  /** Fails the {@code nth} such operation from now on, 1 being the next. */
  public synchronized FailingBlockDevice fail(Operation operation, long nth, Span span) {
    faults.put(operation, new Fault(nth, span));
    counts.put(operation, 0L);
    return this;
  }

  /** Fails nothing from now on, and counts anew. */
  public synchronized void heal() {
    faults.clear();
    for (Operation operation : Operation.values()) {
      counts.put(operation, 0L);
    }
  }

  /** While exempt nothing fails, and nothing counts. */
  public synchronized void exempt(boolean now) {
    exempt = now;
  }

  /** How many such operations there were since the last {@link #fail} or {@link #heal}. */
  public synchronized long count(Operation operation) {
    return counts.get(operation);
  }

  /** How many operations failed. */
  public synchronized long struck() {
    return struck;
  }

  private synchronized void strike(Operation operation) throws MediumException {
    if (exempt) {
      return;
    }
    long count = counts.merge(operation, 1L, Long::sum);
    Fault fault = faults.get(operation);
    if (fault != null && fault.strikes(count)) {
      struck++;
      throw new MediumException(operation, count);
    }
  }

  @Override
  public int sectorBytes() {
    return device.sectorBytes();
  }

  @Override
  public long sizeBytes() {
    return device.sizeBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    strike(Operation.READ);
    device.read(offsetBytes, into);
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    try {
      strike(Operation.WRITE);
    } catch (MediumException failure) {
      int sectors = from.remaining() / sectorBytes();
      device.write(offsetBytes, from.slice(from.position(), sectors / 2 * sectorBytes()));
      throw failure;
    }
    device.write(offsetBytes, from);
  }

  @Override
  public void flush() throws IOException {
    try {
      strike(Operation.FLUSH);
    } catch (MediumException failure) {
      onFailedFlush.run();
      throw failure;
    }
    device.flush();
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) throws IOException {
    device.discard(offsetBytes, lengthBytes);
  }

  @Override
  public void close() throws IOException {
    device.close();
  }
}
