package org.telosfs.block.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.journal.GroupReader.Header;

/**
 * Finds the groups that a crash left in the ring: whole ones only, without a gap, and with their
 * data. Reads only.
 */
public final class JournalScanner {
  private static final int LOOK_AHEAD_BYTES = 256 * 1024;

  /** Makes the records of one whole group happen again. */
  public interface Replay {
    /** All records of a group, in their order, go into the sink this returns. */
    JournalSink group(long sequence) throws IOException;
  }

  /** Where data lies that groups count only with. */
  public interface Data {
    /** Whether a block holds content of this checksum. */
    boolean holds(long block, int crc32c) throws IOException;
  }

  /**
   * What a scan found.
   *
   * @param sequence of the last whole group, or the one before the first
   * @param position after it
   * @param flushed the last group that is known to have been durable
   */
  public record Found(long sequence, long position, long flushed) {}

  private final JournalRing ring;
  private final GroupReader reader;
  private final long era;

  /** Accepts groups of one era of one volume. */
  public JournalScanner(JournalRing ring, long salt, long era) {
    this.ring = ring;
    this.reader = new GroupReader(salt);
    this.era = era;
  }

  /**
   * Replays all groups from {@code position} on, the first of which follows {@code sequence}.
   *
   * @throws JournalDamagedException if a later group proves that the one at which the scan ended
   *     had been durable: it is damaged, not torn by a crash
   */
  public Found scan(long position, long sequence, Data data, Replay replay) throws IOException {
    CheckedData checked = new CheckedData();
    Found whole = walk(position, sequence, Long.MAX_VALUE, checked::group, checked);
    long flushed = refuseDamage(position, whole);
    checked.wereDurable(flushed);
    long last = checked.lastWhole(whole.sequence(), data);
    return walk(position, sequence, last, replay, null);
  }

  /** Tells the records of the whole groups up to {@code most}. */
  private Found walk(
      long position, long sequence, long most, Replay replay, @Nullable CheckedData checked)
      throws IOException {
    long at = position;
    long last = sequence;
    long flushed = sequence;
    while (last < most && at - position < ring.sizeBytes()) {
      Header header = headerAt(at);
      long room = position + ring.sizeBytes() - at;
      if (header == null || header.sequence() != last + 1 || header.bytes() > room) {
        break;
      }
      byte[] bytes = bytesAt(at, header.bytes());
      if (!reader.records(header, bytes, null)) {
        break;
      }
      reader.records(header, bytes, replay.group(header.sequence()));
      last++;
      flushed = Math.max(flushed, header.flushed());
      if (checked != null) {
        checked.wereDurable(flushed);
      }
      at += padded(header.bytes());
    }
    return new Found(last, at, flushed);
  }

  private @Nullable Header headerAt(long position) throws IOException {
    Header header = reader.header(bytesAt(position, JournalFormat.ALIGN_BYTES));
    return header != null && header.era() == era ? header : null;
  }

  private byte[] bytesAt(long position, int count) throws IOException {
    byte[] bytes = new byte[(int) padded(count)];
    ring.read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static long padded(int bytes) {
    return (bytes + JournalFormat.ALIGN_BYTES - 1L) & -JournalFormat.ALIGN_BYTES;
  }

  /**
   * Looks through the rest of the ring for a group that knew the one after the last whole one to be
   * durable; returns the last group that any group knew to be.
   */
  private long refuseDamage(long start, Found whole) throws IOException {
    long from = whole.position();
    long missing = whole.sequence() + 1;
    long flushed = whole.flushed();
    long end = start + ring.sizeBytes();
    byte[] one = new byte[JournalFormat.ALIGN_BYTES];
    byte[] piece = new byte[(int) Math.min(LOOK_AHEAD_BYTES, Math.max(0, end - from))];
    for (long at = from; at < end; at += piece.length) {
      int count = (int) Math.min(piece.length, end - at);
      ring.read(at, ByteBuffer.wrap(piece, 0, count));
      for (int offset = 0; offset < count; offset += JournalFormat.ALIGN_BYTES) {
        if (ByteBuffer.wrap(piece).getInt(offset) != JournalFormat.MAGIC) {
          continue;
        }
        System.arraycopy(piece, offset, one, 0, one.length);
        Header header = reader.header(one);
        if (header == null || header.era() != era) {
          continue;
        }
        if (header.flushed() >= missing) {
          throw new JournalDamagedException(
              ring.startBytes() + from % ring.sizeBytes(), missing, header.sequence());
        }
        flushed = Math.max(flushed, header.flushed());
      }
    }
    return flushed;
  }
}
