package org.telosfs.block.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.RecordingBlockDevice;

/** A journal of 16 places in memory; what it holds is told as words. */
final class JournalFixture {
  static final long SALT = 77;
  static final int PLACES = 16;
  private static final int PLACE = JournalFormat.ALIGN_BYTES;

  final RecordingBlockDevice device =
      new RecordingBlockDevice(new MemoryBlockDevice(512, PLACES * PLACE / 512 + 64));
  final JournalRing ring = new JournalRing(device, PLACE, (long) PLACES * PLACE);
  long era = 1;
  long position;
  long sequence;
  Journal journal = newJournal();
  int timesFull;

  /** Data blocks that do not hold what was written. */
  final Set<Long> lost = new HashSet<>();

  Journal newJournal() {
    return new Journal(
        ring,
        SALT,
        era,
        position,
        sequence,
        new FailureLatch(IOException::new),
        () -> {
          timesFull++;
          release();
        });
  }

  /** Makes all sealed groups needless. */
  void release() throws IOException {
    long upTo = journal.sealedSequence();
    journal.release(
        upTo,
        at -> {
          position = at;
          sequence = upTo;
        });
  }

  /** As if the volume had been opened again, after recovery. */
  void nextEra(JournalScanner.Found found) {
    era++;
    position = found.position();
    sequence = found.sequence();
    journal = newJournal();
  }

  /** A durable group for each word. */
  JournalFixture commit(String... words) throws IOException {
    for (String word : words) {
      journal.openGroup().put(bytes(word), new byte[10]);
      journal.awaitDurable(journal.seal());
    }
    return this;
  }

  /** A group for each word, none of them flushed. */
  void write(String... words) throws IOException {
    for (String word : words) {
      journal.openGroup().put(bytes(word), new byte[10]);
      journal.awaitWritten(journal.seal());
    }
  }

  static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  List<String> replayed() throws IOException {
    List<String> words = new ArrayList<>();
    scan(words);
    return words;
  }

  JournalScanner.Found scan(List<String> words) throws IOException {
    return new JournalScanner(ring, SALT, era)
        .scan(position, sequence, (block, crc32c) -> !lost.contains(block), g -> new Words(words));
  }

  /** Changes a byte, counted from the start of a place of the ring. */
  void damage(int place, int offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PLACE);
    device.read((1L + place) * PLACE, bytes);
    bytes.put(offset, (byte) ~bytes.get(offset));
    device.write((1L + place) * PLACE, bytes.rewind());
  }

  private record Words(List<String> words) implements JournalSink {
    @Override
    public void put(byte[] key, byte[] value) {
      words.add(new String(key, StandardCharsets.UTF_8));
    }

    @Override
    public void delete(byte[] key) {
      words.add("-" + new String(key, StandardCharsets.UTF_8));
    }

    @Override
    public void allocate(long startBlock, int blocks) {
      words.add("allocate " + startBlock + " " + blocks);
    }

    @Override
    public void free(long startBlock, int blocks) {
      words.add("free " + startBlock + " " + blocks);
    }

    @Override
    public void check(long startBlock, BlockChecksums checksums) {
      words.add("check " + startBlock + " " + checksums.blocks());
    }
  }
}
