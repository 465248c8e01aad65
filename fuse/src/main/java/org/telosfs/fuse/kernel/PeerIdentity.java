package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * Who is at the other end of a Unix-domain socket, by number, as SO_PEERCRED tells. The JDK tells
 * names alone; the socket's descriptor is only to be had where the program was started with {@code
 * --add-opens java.base/sun.nio.ch=ALL-UNNAMED}, or from a jar that says so.
 *
 * @param uid the user
 * @param gid the group
 * @param pid the process
 */
public record PeerIdentity(int uid, int gid, int pid) {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int UCRED_BYTES = 3 * Integer.BYTES;

  /** Asks the kernel. */
  public static final class Source {
    private static final LibraryFunction GETSOCKOPT = new LibraryFunction("getsockopt");

    private final NativeCalls calls = new NativeCalls();

    /** Empty where the JDK keeps the socket's descriptor to itself. */
    public Optional<PeerIdentity> of(SocketChannel connected) throws IOException {
      Optional<Integer> descriptor = descriptor(connected);
      if (descriptor.isEmpty()) {
        return Optional.empty();
      }
      NativeMemory credentials = new NativeMemory(calls, UCRED_BYTES);
      NativeMemory length = new NativeMemory(calls, Integer.BYTES);
      length.putInt(0, UCRED_BYTES);
      long failed =
          GETSOCKOPT.call(
              descriptor.get(), SOL_SOCKET, SO_PEERCRED, credentials.address(0), length.address(0));
      if ((int) failed != 0 || length.getInt(0) != UCRED_BYTES) {
        throw new IOException("the kernel does not tell who is at the other end of a socket");
      }
      int pid = credentials.getInt(0);
      int uid = credentials.getInt(Integer.BYTES);
      return Optional.of(new PeerIdentity(uid, credentials.getInt(2 * Integer.BYTES), pid));
    }

    private static Optional<Integer> descriptor(SocketChannel channel) throws IOException {
      try {
        java.lang.reflect.Method method = channel.getClass().getDeclaredMethod("getFDVal");
        method.setAccessible(true);
        return method.invoke(channel) instanceof Integer number
            ? Optional.of(number)
            : Optional.empty();
      } catch (NoSuchMethodException | IllegalAccessException | InaccessibleObjectException e) {
        return Optional.empty();
      } catch (InvocationTargetException e) {
        throw new IOException("a socket does not tell its descriptor", e);
      }
    }
  }
}
