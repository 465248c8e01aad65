package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a device holds at one moment, in pages that images share: a copy costs an array of
 * references. Immutable.
 */
public final class DeviceImage {
  static final int PAGE_BYTES = 4096;

  private final int sectorBytes;
  private final byte @Nullable [][] pages;

  DeviceImage(int sectorBytes, byte @Nullable [][] pages) {
    this.sectorBytes = sectorBytes;
    this.pages = pages;
  }

  /** All zero. */
  public static DeviceImage blank(int sectorBytes, long sizeBytes) {
    if (sizeBytes % PAGE_BYTES != 0 || PAGE_BYTES % sectorBytes != 0) {
      throw new IllegalArgumentException("sectorBytes=" + sectorBytes + " sizeBytes=" + sizeBytes);
    }
    return new DeviceImage(sectorBytes, new byte[Math.toIntExact(sizeBytes / PAGE_BYTES)][]);
  }

  /** What something leaves on a blank device. */
  public static DeviceImage madeBy(int sectorBytes, long sizeBytes, Maker maker)
      throws IOException {
    ImageBlockDevice device = new ImageBlockDevice(blank(sectorBytes, sizeBytes));
    maker.make(device);
    return device.image();
  }

  /** Writes to a device. */
  @FunctionalInterface
  public interface Maker {
    void make(BlockDevice device) throws IOException;
  }

  /** A device that starts with this content and never changes it. */
  public ImageBlockDevice device() {
    return new ImageBlockDevice(this);
  }

  public int sectorBytes() {
    return sectorBytes;
  }

  public long sizeBytes() {
    return (long) pages.length * PAGE_BYTES;
  }

  /** A copy of some bytes, wherever they lie. */
  public byte[] bytes(long offsetBytes, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (int done = 0; done < lengthBytes; ) {
      long at = offsetBytes + done;
      int from = (int) (at % PAGE_BYTES);
      int count = Math.min(lengthBytes - done, PAGE_BYTES - from);
      byte[] page = pages[(int) (at / PAGE_BYTES)];
      if (page != null) {
        System.arraycopy(page, from, bytes, done, count);
      }
      done += count;
    }
    return bytes;
  }

  /** The same with some bytes replaced, wherever they lie. */
  public DeviceImage with(long offsetBytes, byte[] bytes) {
    int sector = sectorBytes;
    long start = offsetBytes / sector * sector;
    long end = BlockGeometry.alignUp(offsetBytes + bytes.length, sector);
    byte[] whole = bytes(start, (int) (end - start));
    System.arraycopy(bytes, 0, whole, (int) (offsetBytes - start), bytes.length);
    ImageBlockDevice device = device();
    device.write(start, ByteBuffer.wrap(whole));
    return device.image();
  }

  /** The same with one bit flipped. */
  public DeviceImage withFlippedBit(long bit) {
    byte[] one = bytes(bit / 8, 1);
    one[0] ^= (byte) (1 << (bit % 8));
    return with(bit / 8, one);
  }

  byte @Nullable [][] copyOfPages() {
    return pages.clone();
  }
}
