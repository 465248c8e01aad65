package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Claims to flush and does not: the negative control of tests about power loss, which must fail
 * with it.
 */
public final class NoFlushBlockDevice implements BlockDevice {
  private final BlockDevice device;

  public NoFlushBlockDevice(BlockDevice device) {
    this.device = device;
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
    device.read(offsetBytes, into);
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    device.write(offsetBytes, from);
  }

  @Override
  public void flush() {}

  @Override
  public void discard(long offsetBytes, long lengthBytes) throws IOException {
    device.discard(offsetBytes, lengthBytes);
  }

  @Override
  public void close() throws IOException {
    device.close();
  }
}
