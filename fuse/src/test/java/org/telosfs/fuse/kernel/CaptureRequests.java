package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import org.telosfs.fuse.FuseChannel;
import org.telosfs.fuse.FuseConfig;
import org.telosfs.fuse.FuseSession;
import org.telosfs.fuse.MountOptions;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.memory.MemoryFileSystem;

/**
 * Renews the captured requests that the tests of {@code wire} read: mounts a memory tree that keeps
 * opens, runs a command on it, and prints the first request of each kind as {@code NAME hex}. Not a
 * test; run as root: {@code CaptureRequests MOUNTPOINT COMMAND...}.
 */
final class CaptureRequests {
  private CaptureRequests() {}

  public static void main(String[] arguments) throws Exception {
    Path where = Path.of(arguments[0]);
    FileSystemTraits traits =
        new FileSystemTraits(
            "capture",
            false,
            false,
            false,
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1));
    NativeCalls calls = new NativeCalls();
    try (MemoryFileSystem tree = new MemoryFileSystem(InstantSource.system(), 1L << 30, traits)) {
      RootMount mount = new RootMount(calls);
      int fd = mount.mount(where, "capture", MountOptions.DEFAULTS);
      Recorder recorder = new Recorder(new DevFuseChannel(calls, fd));
      FuseSession session = new FuseSession(recorder, tree, FuseConfig.defaults());
      session.start();
      String[] command = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
      new ProcessBuilder(command).directory(where.toFile()).inheritIO().start().waitFor();
      mount.unmount(where);
      session.awaitEnded();
      recorder.print(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }
  }

  /** A channel that keeps the first request of each kind. */
  private record Recorder(FuseChannel channel, Map<Opcode, String> seen) implements FuseChannel {
    Recorder(FuseChannel channel) {
      this(channel, new EnumMap<>(Opcode.class));
    }

    @Override
    public Port port(ByteBuffer in, ByteBuffer out) {
      Port port = channel.port(in, out);
      return new Port() {
        @Override
        public int receive() throws IOException {
          return recorded(port.receive());
        }

        @Override
        public int receiveIfThere() throws IOException {
          return recorded(port.receiveIfThere());
        }

        private int recorded(int bytes) {
          if (bytes > 0) {
            record(in, bytes);
          }
          return bytes;
        }

        @Override
        public boolean send(int bytes) throws IOException {
          return port.send(bytes);
        }

        @Override
        public boolean send(int bytes, ContentPieces content) throws IOException {
          return port.send(bytes, content);
        }
      };
    }

    private synchronized void record(ByteBuffer in, int bytes) {
      byte[] request = new byte[bytes];
      in.get(0, request);
      int opcode = request[4] & 0xFF;
      seen.putIfAbsent(Opcode.of(opcode), HexFormat.of().formatHex(request));
    }

    synchronized void print(PrintStream out) {
      seen.forEach((opcode, hex) -> out.println(opcode + " " + hex));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
