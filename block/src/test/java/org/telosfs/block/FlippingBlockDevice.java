package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads one bit wrong wherever it is read from, until its sector is written again. */
public final class FlippingBlockDevice implements BlockDevice {
  private final BlockDevice device;
  private final long bit;
  private volatile boolean flips = true;

  /** {@code bit} counts from the start of the device, the lowest of each byte first. */
  public FlippingBlockDevice(BlockDevice device, long bit) {
    this.device = device;
    this.bit = bit;
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
    int start = into.position();
    int length = into.remaining();
    device.read(offsetBytes, into);
    if (flips && covers(offsetBytes, length)) {
      int at = start + (int) (bit / 8 - offsetBytes);
      into.put(at, (byte) (into.get(at) ^ 1 << (bit % 8)));
    }
  }

  private boolean covers(long offsetBytes, long lengthBytes) {
    return bit / 8 >= offsetBytes && bit / 8 < offsetBytes + lengthBytes;
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    if (covers(offsetBytes, from.remaining())) {
      flips = false;
    }
    device.write(offsetBytes, from);
  }

  @Override
  public void flush() throws IOException {
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
