package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import jnr.ffi.LibraryLoader;

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
    /** Empty where the JDK keeps the socket's descriptor to itself. */
    public Optional<PeerIdentity> of(SocketChannel connected) throws IOException {
      Optional<Integer> descriptor = descriptor(connected);
      if (descriptor.isEmpty()) {
        return Optional.empty();
      }
      byte[] credentials = new byte[UCRED_BYTES];
      int[] length = {UCRED_BYTES};
      if (Library.C_LIBRARY.getsockopt(
                  descriptor.get(), SOL_SOCKET, SO_PEERCRED, credentials, length)
              != 0
          || length[0] != UCRED_BYTES) {
        throw new IOException("the kernel does not tell who is at the other end of a socket");
      }
      ByteBuffer numbers = ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder());
      int pid = numbers.getInt();
      int uid = numbers.getInt();
      return Optional.of(new PeerIdentity(uid, numbers.getInt(), pid));
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

  /** Loaded when the first peer is asked for: it takes some 10 ms. */
  private static final class Library {
    static final C C_LIBRARY = LibraryLoader.create(C.class).load("c");
  }

  /** The C library. */
  public interface C {
    int getsockopt(
        int socket,
        int level,
        int option,
        @jnr.ffi.annotations.Out byte[] value,
        @jnr.ffi.annotations.In @jnr.ffi.annotations.Out int[] length);
  }
}
