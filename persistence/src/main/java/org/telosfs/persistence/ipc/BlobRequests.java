package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.TransactionId;

/**
 * Blobs that a client writes and reads, each a stream with a number that the client chooses. A
 * stream moves only when the client asks, so a client that is slow holds up nobody and nothing is
 * kept for it.
 */
final class BlobRequests {
  private static final System.Logger LOG = System.getLogger(BlobRequests.class.getName());

  private final ObjectStore store;
  private final SessionViews views;
  private final SessionAnswers answers;
  private final IpcLimits limits;
  private final String client;
  private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();

  /** A writer or a reader. Whoever uses it holds its monitor. */
  private static final class Stream {
    private final @Nullable BlobWriter writer;
    private final @Nullable BlobReader reader;
    private volatile long usedNanos = System.nanoTime();

    /** Set while a write is under way, and for ever if it fails. */
    private volatile boolean broken;

    Stream(@Nullable BlobWriter writer, @Nullable BlobReader reader) {
      this.writer = writer;
      this.reader = reader;
    }

    long idleNanos() {
      return System.nanoTime() - usedNanos;
    }

    BlobWriter writer() throws IpcException {
      if (writer == null) {
        throw new IpcException(IpcError.INVALID, "that stream is read, not written");
      }
      return writer;
    }

    BlobReader reader() throws IpcException {
      if (reader == null) {
        throw new IpcException(IpcError.INVALID, "that stream is written, not read");
      }
      return reader;
    }

    /** Whether a transaction had linked what was written. */
    synchronized boolean close() throws IOException {
      if (reader != null) {
        reader.close();
      }
      if (writer == null) {
        return false;
      }
      writer.close();
      return writer.linked();
    }
  }

  BlobRequests(
      ObjectStore store,
      SessionViews views,
      SessionAnswers answers,
      IpcLimits limits,
      String client) {
    this.store = store;
    this.views = views;
    this.answers = answers;
    this.limits = limits;
    this.client = client;
  }

  void begin(int request, ByteBuffer body) throws IOException {
    int number = free(body);
    MessageCodec.requireEnd(body);
    streams.put(number, new Stream(store.newBlob(), null));
    answers.done(request);
  }

  void write(int request, ByteBuffer body) throws IOException {
    Stream stream = stream(body);
    long offsetBytes = MessageCodec.getLong(body);
    synchronized (stream) {
      BlobWriter writer = stream.writer();
      requireWhole(stream);
      stream.broken = true;
      if (offsetBytes != writer.sizeBytes()) {
        throw new IpcException(
            IpcError.INVALID,
            "bytes for place " + offsetBytes + " of a blob of " + writer.sizeBytes());
      }
      writer.write(body);
      stream.broken = false;
    }
    answers.done(request);
  }

  void finish(int request, ByteBuffer body) throws IOException {
    Stream stream = stream(body);
    MessageCodec.requireEnd(body);
    Blob blob;
    synchronized (stream) {
      requireWhole(stream);
      blob = stream.writer().finish();
    }
    FrameWriter answer = answers.start(request);
    MessageCodec.putBlob(answer, blob);
    answer.end();
  }

  private static void requireWhole(Stream stream) throws IpcException {
    if (stream.broken) {
      throw new IpcException(IpcError.INVALID, "an earlier write of this blob failed");
    }
  }

  void open(int request, ByteBuffer body) throws IOException {
    int number = free(body);
    int view = MessageCodec.getInt(body);
    ObjectId object = MessageCodec.getObjectId(body);
    MessageCodec.requireEnd(body);
    opened(
        request,
        number,
        views.ask(
            view,
            (snapshot, transaction) -> {
              if (snapshot == null) {
                throw new IpcException(IpcError.INVALID, "a blob is opened in a snapshot");
              }
              return snapshot.openBlob(object);
            }));
  }

  void openRevision(int request, ByteBuffer body) throws IOException {
    int number = free(body);
    ObjectId object = MessageCodec.getObjectId(body);
    TransactionId transaction = MessageCodec.getTransactionId(body);
    MessageCodec.requireEnd(body);
    opened(request, number, store.openBlob(object, transaction));
  }

  private void opened(int request, int number, Optional<BlobReader> found) {
    FrameWriter answer = answers.start(request).putByte(found.isPresent() ? 1 : 0);
    found.ifPresent(
        reader -> {
          streams.put(number, new Stream(null, reader));
          MessageCodec.putBlob(answer, reader.blob());
        });
    answer.end();
  }

  void read(int request, ByteBuffer body) throws IOException {
    Stream stream = stream(body);
    long offsetBytes = MessageCodec.getLong(body);
    int length = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    if (offsetBytes < 0 || length < 0 || length > WireFormat.MAX_BLOB_READ_BYTES) {
      throw new IpcException(
          IpcError.INVALID, length + " bytes of a blob at once from place " + offsetBytes);
    }
    BlobReader reader = stream.reader();
    int count = (int) Math.max(0, Math.min(length, reader.blob().sizeBytes() - offsetBytes));
    FrameWriter answer = answers.start(request);
    ByteBuffer room = answer.room(count);
    ByteBuffer into = room.slice(room.position(), count);
    synchronized (stream) {
      reader.read(into, offsetBytes);
    }
    room.position(room.position() + into.position());
    answer.end();
  }

  void close(int request, ByteBuffer body) throws IOException {
    int number = MessageCodec.getInt(body);
    MessageCodec.requireEnd(body);
    Stream stream = streams.remove(number);
    boolean linked = stream != null && stream.close();
    answers.start(request).putByte(linked ? 1 : 0).end();
  }

  private int free(ByteBuffer body) throws IpcException {
    int number = MessageCodec.getInt(body);
    if (streams.containsKey(number)) {
      throw new IpcException(IpcError.INVALID, "blob stream " + number + " is taken");
    }
    if (streams.size() >= limits.maxViews()) {
      throw new IpcException(
          IpcError.TOO_MANY_VIEWS, "more than " + limits.maxViews() + " blob streams are open");
    }
    return number;
  }

  private Stream stream(ByteBuffer body) throws IpcException {
    int number = MessageCodec.getInt(body);
    Stream stream = streams.get(number);
    if (stream == null) {
      throw new IpcException(
          IpcError.NO_SUCH_VIEW,
          "there is no blob stream "
              + number
              + "; one that is idle for "
              + limits.transactionIdle()
              + " is closed");
    }
    stream.usedNanos = System.nanoTime();
    return stream;
  }

  void endIdle() {
    long most = limits.transactionIdle().toNanos();
    streams.forEach(
        (number, stream) -> {
          if (stream.idleNanos() > most && streams.remove(number, stream)) {
            end(stream);
            LOG.log(
                System.Logger.Level.WARNING,
                "a blob stream of {0} was idle for {1} and is closed",
                client,
                limits.transactionIdle());
          }
        });
  }

  /** Closes what the client left open; what it wrote and did not link is thrown away. */
  void closeAll() {
    streams.values().forEach(this::end);
    streams.clear();
  }

  private void end(Stream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "a blob of " + client + " was not closed", e);
    }
  }
}
