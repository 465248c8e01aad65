package org.telosfs.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * A segment that is open for reading.
 *
 * @param file shows each record where it was written first, packed or not
 * @param packed null if it never was packed
 */
record SegmentFile(SegmentHeader header, ReadFile file, @Nullable PackedFile packed)
    implements Closeable {

  static SegmentFile open(StorageDirectory directory, int number) throws IOException {
    return open(directory, LogFormat.segmentName(number), number);
  }

  /** One that may still have another name than the number gives it. */
  static SegmentFile open(StorageDirectory directory, String name, int number) throws IOException {
    ReadFile file = directory.read(name);
    try {
      SegmentHeader header = SegmentHeader.read(file, directory.describe(), name, number);
      if (!header.packed()) {
        return new SegmentFile(header, file, null);
      }
      PackedFile packed = PackedFile.open(file, directory.describe(), name);
      return new SegmentFile(header, packed, packed);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  String name() {
    return LogFormat.segmentName(header.number());
  }

  /** The bytes it takes on the medium. */
  long storedBytes() throws IOException {
    return packed == null ? file.sizeBytes() : packed.storedBytes();
  }

  /** Whether a record that was written there first was left out by a pack. */
  boolean leftOut(long offsetBytes) {
    return packed != null && packed.nextKept(offsetBytes) != offsetBytes;
  }

  /** That place, or if a pack left it out the next one that is there. */
  long nextKept(long offsetBytes) {
    return packed == null ? offsetBytes : packed.nextKept(offsetBytes);
  }

  /**
   * Reads all of a packed segment and holds it against its hash.
   *
   * @throws StoreException.Damaged if it differs
   */
  void requireContent() throws IOException {
    if (packed != null && !packed.contentIntact()) {
      throw new StoreException.Damaged(
          name(), 0, List.of(), "the packed segment's bytes do not have the hash they should");
    }
  }

  RecordSeal seal() {
    return new RecordSeal(header.logId(), header.number());
  }

  RecordWindow window(int sizeBytes) {
    return window(ByteBuffer.allocate(sizeBytes));
  }

  /** A window that reads into that memory, whatever it held. */
  RecordWindow window(ByteBuffer memory) {
    return new RecordWindow(file, seal(), memory);
  }

  /** Before its first transaction. */
  LogEnd start() {
    return new LogEnd(header.number(), LogFormat.SEGMENT_HEADER_BYTES, header.chain());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
