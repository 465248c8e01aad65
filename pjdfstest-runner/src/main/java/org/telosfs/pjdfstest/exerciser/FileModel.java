package org.telosfs.pjdfstest.exerciser;

import java.util.Arrays;

/** What a file should hold: bytes, of which those at and behind {@link #sizeBytes} are zero. */
final class FileModel {
  private final byte[] content;
  private int sizeBytes;

  FileModel(int maxBytes) {
    this.content = new byte[maxBytes];
  }

  /** All of it up to the largest size, not to be changed. */
  byte[] content() {
    return content;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /** Fills a range with bytes of which none is zero and which tell {@code origin}. */
  void write(int offset, int length, long origin) {
    long state = origin * 0x9E3779B97F4A7C15L;
    for (int i = offset; i < offset + length; i++) {
      if (((i - offset) & 7) == 0) {
        state = state * 6364136223846793005L + 1442695040888963407L;
      }
      content[i] = (byte) ((state >>> ((i & 7) * 8)) | 1);
    }
    growTo(offset + length);
  }

  void truncate(int size) {
    if (size < sizeBytes) {
      Arrays.fill(content, size, sizeBytes, (byte) 0);
    }
    sizeBytes = size;
  }

  void growTo(int size) {
    sizeBytes = Math.max(sizeBytes, size);
  }

  void zero(int offset, int length) {
    Arrays.fill(content, offset, offset + length, (byte) 0);
  }

  void collapse(int offset, int length) {
    System.arraycopy(content, offset + length, content, offset, sizeBytes - offset - length);
    truncate(sizeBytes - length);
  }

  void insert(int offset, int length) {
    System.arraycopy(content, offset, content, offset + length, sizeBytes - offset);
    zero(offset, length);
    sizeBytes += length;
  }

  /** From a file that holds the whole range. */
  void copyFrom(FileModel source, int from, int offset, int length) {
    System.arraycopy(source.content, from, content, offset, length);
    growTo(offset + length);
  }

  boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
