package org.telosfs.fuse;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.telosfs.vfs.ContentPieces;

/** Whole requests in, whole replies out. */
public interface FuseChannel extends Closeable {
  /**
   * The channel as one thread uses it, over two direct buffers of its own; requests arrive at index
   * 0 of {@code in}, replies lie at index 0 of {@code out}. Any port may answer any request.
   */
  Port port(ByteBuffer in, ByteBuffer out);

  /** Ends the channel, when no port waits any more. */
  @Override
  void close() throws IOException;

  /** One thread's side of a channel. */
  interface Port {
    /** What {@link #receive} returns when the kernel has unmounted us. */
    int UNMOUNTED = -1;

    /** What {@link #receiveIfThere} returns when there is no request. */
    int NOTHING = -2;

    /** What one system call may gather (IOV_MAX), less what lies before the content. */
    int MOST_PIECES = 1023;

    /** A request's bytes, or {@link #NOTHING}, also when the kernel has unmounted us. */
    int receiveIfThere() throws IOException;

    /** Waits for a request; its bytes, or {@link #UNMOUNTED}. */
    int receive() throws IOException;

    /**
     * Sends the first {@code bytes} bytes: a reply, or a notification.
     *
     * @return false if nobody wants it any more: the request was given up, the mount has ended, or
     *     the kernel does not know what it is notified about
     */
    boolean send(int bytes) throws IOException;

    /**
     * The same with {@code content} behind the bytes, all of it one reply; in at most {@link
     * #MOST_PIECES} pieces.
     */
    boolean send(int bytes, ContentPieces content) throws IOException;
  }
}
