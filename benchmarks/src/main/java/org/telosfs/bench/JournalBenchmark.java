package org.telosfs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.journal.FailureLatch;
import org.telosfs.block.journal.Journal;
import org.telosfs.block.journal.JournalRing;
import org.telosfs.block.journal.JournalSink;

/** Puts transactions into a group, seals it and writes it to a device in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalBenchmark {
  private static final long RING_BYTES = 16L << 20;
  private static final int CHANGES = 5;
  private static final int VALUE_BYTES = 100;

  /** One as with a sync after each change, many as in an epoch. */
  @Param({"1", "100"})
  int transactionsPerGroup;

  private final Journal journal =
      new Journal(
          new JournalRing(new MemoryBlockDevice(4096, RING_BYTES / 4096), 0, RING_BYTES),
          1,
          1,
          0,
          0,
          new FailureLatch(IOException::new),
          this::makeRoom);
  private long number;

  @Benchmark
  public long appendGroup() throws IOException {
    JournalSink group = journal.openGroup();
    for (int transaction = 0; transaction < transactionsPerGroup; transaction++) {
      for (int change = 0; change < CHANGES; change++) {
        group.put(key(number++), new byte[VALUE_BYTES]);
      }
    }
    long sequence = journal.seal();
    journal.awaitWritten(sequence);
    return sequence;
  }

  private void makeRoom() throws IOException {
    journal.release(journal.sealedSequence(), position -> {});
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 2).putLong(number).array();
  }
}
