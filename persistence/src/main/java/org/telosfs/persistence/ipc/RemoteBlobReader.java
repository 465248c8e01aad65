package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.StoreException;

/** A blob that the server reads; opened again if the connection was lost. */
final class RemoteBlobReader implements BlobReader {
  private static final System.Logger LOG = System.getLogger(RemoteBlobReader.class.getName());

  private final Reopening reopening;
  private final Blob blob;

  @GuardedBy("this")
  private Opened opened;

  private volatile boolean closed;

  /** A stream of a connection. */
  record Opened(Connection connection, int stream, Blob blob) {}

  /** Opens the same blob on the connection there is. */
  interface Reopening {
    Optional<Opened> open() throws IOException;
  }

  private RemoteBlobReader(Opened opened, Reopening reopening) {
    this.opened = opened;
    this.blob = opened.blob();
    this.reopening = reopening;
  }

  static Optional<BlobReader> open(Reopening opening) throws IOException {
    return opening.open().map(opened -> new RemoteBlobReader(opened, opening));
  }

  /** Asks the server to open it; {@code what} says which, behind the stream's number. */
  static Optional<Opened> open(
      Connection connection, MessageType type, java.util.function.Consumer<FrameWriter> what)
      throws IOException {
    int stream = connection.newView();
    Optional<Blob> blob =
        RemoteObjectStore.ask(
            connection,
            type,
            writer -> {
              writer.putInt(stream);
              what.accept(writer);
            },
            body ->
                MessageCodec.getByte(body) == 0
                    ? Optional.empty()
                    : Optional.of(MessageCodec.getBlob(body)));
    return blob.map(found -> new Opened(connection, stream, found));
  }

  @Override
  public Blob blob() {
    return blob;
  }

  @Override
  public int read(ByteBuffer into, long offsetBytes) throws IOException {
    if (offsetBytes < 0) {
      throw new IllegalArgumentException("offset " + offsetBytes);
    }
    long left = Math.min(into.remaining(), blob.sizeBytes() - offsetBytes);
    int read = 0;
    while (read < left) {
      int count = (int) Math.min(WireFormat.BLOB_FRAME_BYTES, left - read);
      int start = into.position();
      askAgain(offsetBytes + read, count, into);
      if (into.position() - start != count) {
        throw new IOException("the server sent fewer bytes of a blob than there are");
      }
      read += count;
    }
    return read;
  }

  private void askAgain(long offsetBytes, int count, ByteBuffer into) throws IOException {
    Opened first = current();
    int start = into.position();
    try {
      ask(first, offsetBytes, count, into);
      return;
    } catch (IpcException e) {
      if (!RemoteObjectStore.lost(e)) {
        throw e;
      }
    }
    into.position(start);
    ask(reopened(first), offsetBytes, count, into);
  }

  private synchronized Opened current() {
    if (closed) {
      throw new IllegalStateException("the blob is closed");
    }
    return opened;
  }

  private synchronized Opened reopened(Opened lost) throws IOException {
    if (opened.equals(lost)) {
      Opened again =
          reopening
              .open()
              .filter(found -> found.blob().equals(blob))
              .orElseThrow(() -> new StoreException.PackedAway("blob " + blob.id()));
      opened = again;
    }
    return opened;
  }

  private static void ask(Opened from, long offsetBytes, int count, ByteBuffer into)
      throws IOException {
    from.connection()
        .call(
            MessageType.BLOB_READ,
            writer -> writer.putInt(from.stream()).putLong(offsetBytes).putInt(count),
            body -> {
              if (body.remaining() > count) {
                throw MessageCodec.malformed("more bytes of a blob than were asked for");
              }
              into.put(body);
            });
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    Opened last = current();
    closed = true;
    try {
      last.connection()
          .call(MessageType.BLOB_CLOSE, writer -> writer.putInt(last.stream()), answer -> {});
    } catch (IpcException e) {
      if (!RemoteObjectStore.lost(e)) {
        throw e;
      }
      LOG.log(System.Logger.Level.DEBUG, "a blob stream ended with its connection", e);
    }
  }
}
