package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.CRC32C;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.ReadFile;

/**
 * A packed segment, shown as it was before: each record at the offset where it was written first,
 * zeros where one was left out. So positions of records stay right for ever, and whoever holds one
 * need not know of packs.
 */
final class PackedFile implements ReadFile {

  private static final int COPY_BYTES = 256 * 1024;

  private final ReadFile file;
  private final PackedTrailer trailer;
  private final long tableOffset;

  /** Where each run lay first, ascending; unsigned. */
  private final int[] first;

  /** Where each run lies in the file; unsigned. */
  private final int[] stored;

  private PackedFile(
      ReadFile file, PackedTrailer trailer, long tableOffset, int[] first, int[] stored) {
    this.file = file;
    this.trailer = trailer;
    this.tableOffset = tableOffset;
    this.first = first;
    this.stored = stored;
  }

  /**
   * Reads the trailer and the table.
   *
   * @throws StoreException if they are damaged or cut off
   */
  static PackedFile open(ReadFile file, String place, String name) throws IOException {
    PackedTrailer trailer = PackedTrailer.read(file, place, name);
    long tableOffset = trailer.tableOffset(file.sizeBytes());
    ByteBuffer table = ByteBuffer.allocate(Math.multiplyExact(LogFormat.RUN_BYTES, trailer.runs()));
    file.read(table, tableOffset);
    CRC32C crc = new CRC32C();
    crc.update(table.flip().duplicate());
    if ((int) crc.getValue() != trailer.tableCrc()) {
      throw new StoreException.Damaged(
          name, tableOffset, List.of(), "the packed segment's table is damaged");
    }
    int[] first = new int[trailer.runs()];
    int[] stored = new int[trailer.runs()];
    for (int run = 0; run < trailer.runs(); run++) {
      first[run] = table.getInt();
      stored[run] = table.getInt();
    }
    PackedFile packed = new PackedFile(file, trailer, tableOffset, first, stored);
    packed.requireSense(name);
    return packed;
  }

  PackedTrailer trailer() {
    return trailer;
  }

  /** The bytes it takes on the medium. */
  long storedBytes() throws IOException {
    return file.sizeBytes();
  }

  /** The size before it was packed. */
  @Override
  public long sizeBytes() {
    return trailer.firstBytes();
  }

  /** That place if a run covers it, else the start of the next run, or the end. */
  long nextKept(long offsetBytes) {
    int run = runBefore(offsetBytes);
    if (run >= 0 && offsetBytes < end(run)) {
      return offsetBytes;
    }
    return run + 1 < first.length ? start(run + 1) : sizeBytes();
  }

  @Override
  public int read(ByteBuffer into, long offsetBytes) throws IOException {
    int count = (int) Math.max(0, Math.min(into.remaining(), sizeBytes() - offsetBytes));
    long end = offsetBytes + count;
    if (count == 0) {
      return 0;
    }
    int base = into.position();
    for (int at = 0; at < count; at++) {
      into.put(base + at, (byte) 0);
    }
    int run = Math.max(0, runBefore(offsetBytes));
    int beyond = Math.max(run, runBefore(end - 1) + 1);
    ByteBuffer kept = kept(run, beyond, offsetBytes, end);
    int used = 0;
    for (; run < beyond; run++) {
      long from = Math.max(offsetBytes, start(run));
      int length = (int) Math.max(0, Math.min(end, end(run)) - from);
      if (length > 0) {
        into.put(base + (int) (from - offsetBytes), kept, used, length);
        used += length;
      }
    }
    into.position(base + count);
    return count;
  }

  /** All but the runs: where the table starts:u64, header, table and trailer. */
  ByteBuffer frame() throws IOException {
    int tail = (int) (file.sizeBytes() - tableOffset);
    ByteBuffer frame =
        ByteBuffer.allocate(Long.BYTES + LogFormat.SEGMENT_HEADER_BYTES + tail)
            .putLong(tableOffset);
    file.read(frame.limit(Long.BYTES + LogFormat.SEGMENT_HEADER_BYTES), 0);
    file.read(frame.limit(frame.capacity()), tableOffset);
    return frame.flip();
  }

  /** Whether the whole file is what was written. */
  boolean contentIntact() throws IOException {
    MessageDigest digest = HashChain.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    long end = file.sizeBytes() - LogFormat.TRAILER_BYTES;
    for (long at = 0; at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(COPY_BYTES, end - at));
      if (file.read(buffer, at) < buffer.limit()) {
        return false;
      }
      digest.update(buffer.flip());
    }
    return ByteString.copyOf(digest.digest()).equals(trailer.hash());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** What the runs hold of a range; it lies in one piece, however many runs there are. */
  private ByteBuffer kept(int run, int beyond, long offsetBytes, long end) throws IOException {
    long from = -1;
    long to = -1;
    for (int at = run; at < beyond; at++) {
      long start = Math.max(offsetBytes, start(at));
      long stop = Math.min(end, end(at));
      if (start < stop) {
        from = from < 0 ? place(at) + start - start(at) : from;
        to = place(at) + stop - start(at);
      }
    }
    ByteBuffer kept = ByteBuffer.allocate((int) (to - from));
    if (file.read(kept, from) < kept.capacity()) {
      throw new IOException("a packed segment ends before byte " + to);
    }
    return kept.flip();
  }

  private long start(int run) {
    return Integer.toUnsignedLong(first[run]);
  }

  private long place(int run) {
    return Integer.toUnsignedLong(stored[run]);
  }

  private long end(int run) {
    long next = run + 1 < stored.length ? place(run + 1) : tableOffset;
    return start(run) + next - place(run);
  }

  /** The last run that starts there or before; -1 if none does. */
  private int runBefore(long offsetBytes) {
    int low = 0;
    int high = first.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (start(middle) <= offsetBytes) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private void requireSense(String name) throws StoreException.Damaged {
    long first = LogFormat.SEGMENT_HEADER_BYTES;
    long stored = LogFormat.SEGMENT_HEADER_BYTES;
    for (int run = 0; run < this.first.length; run++) {
      if (start(run) < first || place(run) < stored || end(run) <= start(run)) {
        throw new StoreException.Damaged(
            name, tableOffset, List.of(), "run " + run + " of the packed segment makes no sense");
      }
      first = end(run);
      stored = place(run);
    }
    if (first > sizeBytes()) {
      throw new StoreException.Damaged(
          name, tableOffset, List.of(), "the packed segment is longer than it was");
    }
  }
}
