package org.telosfs.bench;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;
import org.telosfs.block.Key;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.block.volume.MapEntry;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.block.volume.VolumeFormat;
import org.telosfs.block.volume.VolumeTransaction;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;

/** Finds the extent of a block of a file in the volume's map, as a read that no cache answers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExtentLookupBenchmark {
  private static final int EXTENTS = 20_000;
  private static final int EXTENTS_PER_FILE = 100;

  /** In the first case an extent is a small file, in the second a piece of a streamed one. */
  @Param({"1", "64"})
  int blocksPerExtent;

  private final Random random = new Random(1);
  private @Nullable Volume volume;

  /** Fills a volume on a device in memory. */
  @Setup
  public void fill() throws IOException {
    MemoryBlockDevice device = new MemoryBlockDevice(4096, 64 * 1024);
    Volume.format(device, VolumeFormat.fresh());
    Volume opened = Volume.open(device, VolumeConfig.deterministic());
    for (int file = 0; file < EXTENTS / EXTENTS_PER_FILE; file++) {
      try (VolumeTransaction tx = opened.begin(Purpose.GROW)) {
        for (int i = 0; i < EXTENTS_PER_FILE; i++) {
          tx.put(key(file, (long) i * blocksPerExtent), extent(file * EXTENTS_PER_FILE + i));
        }
        tx.commit();
      }
      opened.seal();
    }
    opened.checkpoint();
    volume = opened;
  }

  @TearDown
  public void close() throws IOException {
    if (volume != null) {
      volume.close();
    }
  }

  @Benchmark
  public @Nullable FileExtentRecord find() throws IOException, PosixFormatException {
    int file = random.nextInt(EXTENTS / EXTENTS_PER_FILE);
    long block = random.nextInt(EXTENTS_PER_FILE * blocksPerExtent);
    MapEntry found = volume == null ? null : volume.view().floor(key(file, block));
    return found == null ? null : FileExtentRecord.decode(found.value());
  }

  private byte[] extent(int number) {
    DataExtent place = new DataExtent(1 + (long) number * blocksPerExtent, blocksPerExtent, 1);
    return new FileExtentRecord(place, BlockChecksums.of(new int[blocksPerExtent])).encode();
  }

  private static Key key(int file, long block) {
    return Key.of(PosixKeys.extent(file + 2L, block));
  }
}
