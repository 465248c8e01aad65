package org.telosfs.daemon.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.telosfs.block.BlockDevice;

/**
 * A device as it is, with what is written to it kept in memory: so a volume can be opened, which
 * replays its journal, and the medium stays as it was.
 */
final class UnchangedDevice implements BlockDevice {
  private final BlockDevice medium;
  private final int sectorBytes;
  private final ConcurrentMap<Long, byte[]> written = new ConcurrentHashMap<>();

  UnchangedDevice(BlockDevice medium) {
    this.medium = medium;
    this.sectorBytes = medium.sectorBytes();
  }

  @Override
  public int sectorBytes() {
    return sectorBytes;
  }

  @Override
  public long sizeBytes() {
    return medium.sizeBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    int start = into.position();
    int end = into.limit();
    medium.read(offsetBytes, into);
    for (int at = start; at < end; at += sectorBytes) {
      byte[] newer = written.get(offsetBytes + (at - start));
      if (newer != null) {
        into.put(at, newer);
      }
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) {
    long offset = offsetBytes;
    while (from.hasRemaining()) {
      byte[] sector = new byte[sectorBytes];
      from.get(sector);
      written.put(offset, sector);
      offset += sectorBytes;
    }
  }

  @Override
  public void flush() {
    // What is in memory has nowhere to go.
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) {
    // A hint; the medium must not hear of it.
  }

  @Override
  public void close() throws IOException {
    medium.close();
  }
}
