package org.telosfs.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/** A segment that is open for reading. */
record SegmentFile(SegmentHeader header, ReadFile file) implements Closeable {

  static SegmentFile open(StorageDirectory directory, int number) throws IOException {
    String name = LogFormat.segmentName(number);
    ReadFile file = directory.read(name);
    try {
      return new SegmentFile(SegmentHeader.read(file, directory.describe(), name, number), file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  String name() {
    return LogFormat.segmentName(header.number());
  }

  RecordSeal seal() {
    return new RecordSeal(header.logId(), header.number());
  }

  RecordWindow window(int sizeBytes) {
    return new RecordWindow(file, seal(), sizeBytes);
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
