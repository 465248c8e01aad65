package org.telosfs.fuse.kernel;

import java.io.Closeable;
import java.io.IOException;

/** Two connected descriptors, that no child process gets unless it is given one. */
final class DescriptorPair implements Closeable {
  private final NativeCalls calls;
  private final int first;
  private final int second;
  private boolean secondOpen = true;

  private DescriptorPair(NativeCalls calls, NativeMemory two) {
    this.calls = calls;
    this.first = two.getInt(0);
    this.second = two.getInt(Integer.BYTES);
  }

  /** Two ends of a Unix-domain socket. */
  static DescriptorPair sockets(NativeCalls calls) throws IOException {
    NativeMemory two = new NativeMemory(calls, 2 * Integer.BYTES);
    int type = HelperCalls.SOCK_STREAM | HelperCalls.SOCK_CLOEXEC;
    if (calls.helper().socketpair(HelperCalls.AF_UNIX, type, two.address(0)) != 0) {
      throw new IOException("no socket: " + calls.describe(calls.errno()));
    }
    return new DescriptorPair(calls, two);
  }

  /** A pipe; {@link #first} is for reading. */
  static DescriptorPair pipe(NativeCalls calls) throws IOException {
    NativeMemory two = new NativeMemory(calls, 2 * Integer.BYTES);
    if (calls.helper().pipe2(two.address(0), NativeCalls.O_CLOEXEC) != 0) {
      throw new IOException("no pipe: " + calls.describe(calls.errno()));
    }
    return new DescriptorPair(calls, two);
  }

  int first() {
    return first;
  }

  int second() {
    return second;
  }

  /** The child has it now; with ours open we would never see its end. */
  void closeSecond() {
    if (secondOpen) {
      secondOpen = false;
      calls.close(second);
    }
  }

  @Override
  public void close() {
    closeSecond();
    calls.close(first);
  }
}
