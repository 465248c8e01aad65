package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.telosfs.fuse.FuseChannel;
import org.telosfs.vfs.ContentPieces;

/**
 * The opened {@code /dev/fuse} of one mount. It is read without blocking, so that a port can look
 * for the next request for a moment before it sleeps ({@link IdleWait}).
 */
final class DevFuseChannel implements FuseChannel {
  private final NativeCalls calls;
  private final int fd;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Owns {@code fd} unless it throws. */
  DevFuseChannel(NativeCalls calls, int fd) throws IOException {
    this.calls = calls;
    this.fd = fd;
    if (calls.setNonBlocking(fd) != 0) {
      throw new IOException("cannot set up /dev/fuse: " + calls.describe(calls.errno()));
    }
  }

  @Override
  public Port port(ByteBuffer in, ByteBuffer out) {
    return new DevicePort(in, out);
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true) && calls.close(fd) != 0) {
      throw new IOException("cannot close /dev/fuse: " + calls.describe(calls.errno()));
    }
  }

  /** Knows the addresses of its buffers, and keeps them alive. */
  private final class DevicePort implements Port {
    private final ByteBuffer in;
    private final ByteBuffer out;
    private final long inAddress;
    private final long outAddress;
    private final NativeMemory poll = NativeCalls.pollForInput(calls, fd);
    private final NativeMemory vectors = calls.vectors(MOST_PIECES + 1);
    private final IdleWait idle = new IdleWait(Runtime.getRuntime().availableProcessors());

    DevicePort(ByteBuffer in, ByteBuffer out) {
      this.in = in;
      this.out = out;
      this.inAddress = calls.addressOf(in);
      this.outAddress = calls.addressOf(out);
    }

    /** ENOENT means that a request was given up while it was handed to us: take the next one. */
    @Override
    public int receive() throws IOException {
      while (true) {
        long bytes = calls.read(fd, inAddress, in.capacity());
        if (bytes >= 0) {
          idle.over(System.nanoTime());
          return (int) bytes;
        }
        int errno = calls.errno();
        switch (errno) {
          case NativeCalls.EAGAIN -> await();
          case NativeCalls.EINTR, NativeCalls.ENOENT -> {}
          case NativeCalls.ENODEV -> {
            return UNMOUNTED;
          }
          default -> throw new IOException("cannot read requests: " + calls.describe(errno));
        }
      }
    }

    @Override
    public int receiveIfThere() throws IOException {
      long bytes = calls.read(fd, inAddress, in.capacity());
      if (bytes >= 0) {
        return (int) bytes;
      }
      int errno = calls.errno();
      return switch (errno) {
        case NativeCalls.EAGAIN, NativeCalls.EINTR, NativeCalls.ENOENT, NativeCalls.ENODEV ->
            NOTHING;
        default -> throw new IOException("cannot read requests: " + calls.describe(errno));
      };
    }

    private void await() throws IOException {
      if (idle.mayLookAgain(System.nanoTime())) {
        Thread.onSpinWait();
      } else if (calls.poll(poll) < 0 && calls.errno() != NativeCalls.EINTR) {
        throw new IOException("cannot wait for requests: " + calls.describe(calls.errno()));
      }
    }

    @Override
    public boolean send(int bytes) throws IOException {
      if (bytes > out.capacity()) {
        throw new IllegalArgumentException(bytes + " bytes");
      }
      while (true) {
        long sent = calls.write(fd, outAddress, bytes);
        if (sent == bytes) {
          return true;
        }
        if (!isToBeSentAgain(bytes, sent)) {
          return false;
        }
      }
    }

    @Override
    public boolean send(int bytes, ContentPieces content) throws IOException {
      int count = content.count();
      if (bytes > out.capacity() || count > MOST_PIECES) {
        throw new IllegalArgumentException(bytes + " bytes, " + count + " pieces");
      }
      NativeCalls.vector(vectors, 0, outAddress, bytes);
      for (int i = 0; i < count; i++) {
        long address = calls.addressOf(content.memory(i)) + content.offset(i);
        NativeCalls.vector(vectors, i + 1, address, content.lengthBytes(i));
      }
      int all = bytes + content.totalBytes();
      while (true) {
        long sent = calls.writev(fd, vectors, count + 1);
        if (sent == all) {
          return true;
        }
        if (!isToBeSentAgain(all, sent)) {
          return false;
        }
      }
    }

    /** False if nobody wants it any more. */
    private boolean isToBeSentAgain(int bytes, long sent) throws IOException {
      int errno = sent < 0 ? calls.errno() : 0;
      return switch (errno) {
        case NativeCalls.EINTR, NativeCalls.EAGAIN -> true;
        case NativeCalls.ENOENT, NativeCalls.ENODEV -> false;
        default ->
            throw new IOException(
                "cannot send " + bytes + " bytes to the kernel: " + calls.describe(errno));
      };
    }
  }
}
