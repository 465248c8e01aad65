package org.telosfs.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.DataRequests;
import org.telosfs.fuse.wire.NameRequests;
import org.telosfs.fuse.wire.RequestView;
import org.telosfs.vfs.FsException;

/** Reads all fields of a request as it came from the kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestBenchmark {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Of ".python-version" in the root, little-endian as Linux 6.18 sent it. */
  private static final String LOOKUP =
      "38000000010000000600000000000000010000000000000000000000000000000b3d000000000000"
          + "2e707974686f6e2d76657273696f6e00";

  /** Of 128 KiB of inode 7, made to the same pattern. */
  private static final String READ =
      "500000000f0000000600000000000000070000000000000000000000000000003d00000000000000"
          + "01000000000000000000020000000000000002000000000000000000000000000080000000000000";

  private final ByteBuffer lookupBytes = buffer(LOOKUP);
  private final ByteBuffer readBytes = buffer(READ);
  private final RequestView lookup = new RequestView(lookupBytes);
  private final NameRequests lookupFields = new NameRequests(lookup);
  private final RequestView read = new RequestView(readBytes);
  private final DataRequests readFields = new DataRequests(read);

  @Benchmark
  public void decodeLookup(Blackhole sink) throws BadRequestException, FsException {
    header(lookup, LOOKUP.length() / 2, sink);
    sink.consume(lookupFields.name());
  }

  @Benchmark
  public void decodeRead(Blackhole sink) throws BadRequestException {
    header(read, READ.length() / 2, sink);
    sink.consume(readFields.readHandle());
    sink.consume(readFields.readOffset());
    sink.consume(readFields.readBytes());
    sink.consume(readFields.readFlags());
  }

  private static void header(RequestView request, int bytes, Blackhole sink)
      throws BadRequestException {
    request.received(bytes);
    sink.consume(request.opcode());
    sink.consume(request.unique());
    sink.consume(request.node());
    sink.consume(request.uid());
    sink.consume(request.gid());
  }

  private static ByteBuffer buffer(String hex) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());
    buffer.put(0, HexFormat.of().parseHex(hex));
    return buffer;
  }
}
