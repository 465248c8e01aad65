package org.telosfs.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.telosfs.fuse.wire.DirentWriter;
import org.telosfs.fuse.wire.ReplyWriter;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/** Packs a listing into a reply; the time is that of one entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListingBenchmark {
  private static final int ENTRIES = 100;
  private static final int ROOM_BYTES = 32 * 1024;

  private final ReplyWriter reply =
      new ReplyWriter(
          ByteBuffer.allocateDirect(ROOM_BYTES + 4096).order(ByteOrder.nativeOrder()),
          FileSystemTraits.soleWriter("benchmark"));
  private final DirectoryEntry[] names = new DirectoryEntry[ENTRIES];
  private final Entry[] entries = new Entry[ENTRIES];

  /** Makes up a directory. */
  public ListingBenchmark() {
    Timestamp time = new Timestamp(1_700_000_000, 1);
    for (int i = 0; i < ENTRIES; i++) {
      InodeNumber inode = new InodeNumber(i + 2L);
      names[i] = new DirectoryEntry(inode, FileType.REGULAR, FileName.of("file" + i), i + 3L);
      entries[i] =
          new Entry(
              new Attributes(
                  inode, FileType.REGULAR, 0644, 1, 0, 0, 0, 4096, 8, time, time, time, time),
              1);
    }
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public int packNames() {
    reply.begin(1);
    DirentWriter listing = reply.listingRoom(ROOM_BYTES);
    for (DirectoryEntry name : names) {
      listing.accept(name);
    }
    reply.listing();
    return reply.end();
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public int packNamesAndAttributes() {
    reply.begin(1);
    DirentWriter listing = reply.listingRoom(ROOM_BYTES);
    for (int i = 0; i < ENTRIES; i++) {
      listing.accept(names[i], entries[i]);
    }
    reply.listing();
    return reply.end();
  }
}
