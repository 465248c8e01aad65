package org.telosfs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
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
import org.openjdk.jmh.annotations.Warmup;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.NodeStorage;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;

/** Lookup in the volume's tree, and a transaction of five changes, as a create makes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BTreeBenchmark {
  private static final int CHANGES = 5;

  @Param({"10000", "1000000"})
  int entries;

  private final Random random = new Random(1);
  private final BTree tree = new BTree(new NoStorage(), 16);
  private final ReplacedNodes replaced = new ReplacedNodes();
  private TreeRoot root = TreeRoot.empty();

  /** Fills the tree; everything stays in memory. */
  @Setup
  public void fill() throws IOException {
    SortedMap<byte[], byte @Nullable []> batch = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < entries; i++) {
      batch.put(key(i), new byte[100]);
      if (batch.size() == 1000) {
        root = tree.apply(root, batch, replaced);
        batch.clear();
      }
    }
    root = tree.apply(root, batch, replaced);
  }

  @Benchmark
  public byte @Nullable [] get() throws IOException {
    return tree.get(root, key(random.nextInt(entries)));
  }

  @Benchmark
  public TreeRoot applyFiveChanges() throws IOException {
    SortedMap<byte[], byte @Nullable []> batch = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < CHANGES; i++) {
      batch.put(key(random.nextInt(entries)), new byte[100]);
    }
    root = tree.apply(root, batch, replaced);
    return root;
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 2).putLong(number).array();
  }

  /** For a tree that never leaves memory. */
  private static final class NoStorage implements NodeStorage {
    @Override
    public int blockBytes() {
      return 4096;
    }

    @Override
    public long salt() {
      return 0;
    }

    @Override
    public void read(long block, ByteBuffer into) throws IOException {
      throw new IOException("nothing was written");
    }

    @Override
    public void write(long block, ByteBuffer from) throws IOException {
      throw new IOException("nothing may be written");
    }
  }
}
