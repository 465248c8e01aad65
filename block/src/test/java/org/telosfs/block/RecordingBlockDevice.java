package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Keeps a log of the writes and flushes that reach a device. */
public final class RecordingBlockDevice implements BlockDevice {
  private final BlockDevice device;
  private final WriteLog log = new WriteLog();

  public RecordingBlockDevice(BlockDevice device) {
    this.device = device;
  }

  public WriteLog log() {
    return log;
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
    ByteBuffer same = from.duplicate();
    device.write(offsetBytes, from);
    log.write(offsetBytes, same);
  }

  @Override
  public void flush() throws IOException {
    device.flush();
    log.flush();
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) throws IOException {
    device.discard(offsetBytes, lengthBytes);
    log.discard(offsetBytes, lengthBytes);
  }

  @Override
  public void close() throws IOException {
    device.close();
  }
}
