package org.telosfs.block;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A device that starts from an image and copies a page when it first changes it. What is discarded
 * becomes rubbish at once, so that nobody relies on it. Safe for threads.
 */
public final class ImageBlockDevice implements BlockDevice {
  private static final int PAGE_BYTES = DeviceImage.PAGE_BYTES;
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final int sectorBytes;
  private final byte @Nullable [][] pages;
  private final BitSet own = new BitSet();

  ImageBlockDevice(DeviceImage image) {
    this.sectorBytes = image.sectorBytes();
    this.pages = image.copyOfPages();
  }

  /** What it holds now. */
  public synchronized DeviceImage image() {
    own.clear();
    return new DeviceImage(sectorBytes, pages.clone());
  }

  @Override
  public int sectorBytes() {
    return sectorBytes;
  }

  @Override
  public long sizeBytes() {
    return (long) pages.length * PAGE_BYTES;
  }

  @Override
  public synchronized void read(long offsetBytes, ByteBuffer into) {
    BlockGeometry.requireSectors(this, offsetBytes, into.remaining());
    for (long at = offsetBytes; into.hasRemaining(); ) {
      int from = (int) (at % PAGE_BYTES);
      int count = Math.min(into.remaining(), PAGE_BYTES - from);
      byte[] page = pages[(int) (at / PAGE_BYTES)];
      into.put(page == null ? ZEROS : page, from, count);
      at += count;
    }
  }

  @Override
  public synchronized void write(long offsetBytes, ByteBuffer from) {
    BlockGeometry.requireSectors(this, offsetBytes, from.remaining());
    overwrite(offsetBytes, from);
  }

  /** Torn writes end at 512 bytes, whatever the device's sectors are. */
  synchronized void overwrite(long offsetBytes, ByteBuffer from) {
    for (long at = offsetBytes; from.hasRemaining(); ) {
      int to = (int) (at % PAGE_BYTES);
      int count = Math.min(from.remaining(), PAGE_BYTES - to);
      from.get(ownPage((int) (at / PAGE_BYTES)), to, count);
      at += count;
    }
  }

  private byte[] ownPage(int index) {
    byte[] page = pages[index];
    if (page == null || !own.get(index)) {
      page = page == null ? new byte[PAGE_BYTES] : page.clone();
      pages[index] = page;
      own.set(index);
    }
    return page;
  }

  @Override
  public void flush() {}

  @Override
  public void discard(long offsetBytes, long lengthBytes) {
    write(offsetBytes, ByteBuffer.wrap(WriteLog.rubbish(lengthBytes)));
  }

  @Override
  public void close() {}
}
