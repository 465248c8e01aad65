package org.telosfs.block.volume;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.telosfs.block.BlockGeometry;

/** The checksum of a block of data; lies here because nobody else sees {@link BlockCrc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BlockCrcBenchmark {
  private static final int BLOCKS = 32;

  private final BlockCrc crc = new BlockCrc(42);
  private final ByteBuffer data = ByteBuffer.allocateDirect(BLOCKS * BlockGeometry.BLOCK_BYTES);

  /** 128 KiB as a write brings them; the time is that of one block. */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public int blocksOfAWrite() {
    data.clear();
    int all = 0;
    for (long block = 0; block < BLOCKS; block++) {
      all ^= crc.next(block, data);
    }
    return all;
  }
}
