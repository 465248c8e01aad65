package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;

/**
 * A blob that the server writes. Bytes go to it in frames, of which a few may be on their way; then
 * the client waits for the server. A blob ends with its connection.
 */
final class RemoteBlobWriter implements BlobWriter {
  /** So many frames are sent before an answer is waited for. */
  private static final int WINDOW_FRAMES = 8;

  private final Connection connection;
  private final int stream;
  private final ByteBuffer gathered = ByteBuffer.allocate(WireFormat.BLOB_FRAME_BYTES);
  private int framesOnTheirWay;
  private long sentBytes;
  private boolean failed;
  private boolean closed;
  private boolean linked;
  private @Nullable Blob finished;

  RemoteBlobWriter(Connection connection) throws IOException {
    this.connection = connection;
    this.stream = connection.newView();
    connection.call(MessageType.BLOB_BEGIN, writer -> writer.putInt(stream), answer -> {});
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (closed || failed || finished != null) {
      throw new IllegalStateException("the blob takes no more bytes");
    }
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), gathered.remaining());
      gathered.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!gathered.hasRemaining()) {
        send();
      }
    }
  }

  /** The server answers in order, so who waits for the last frame has waited for all. */
  private void send() throws IOException {
    gathered.flip();
    int count = gathered.remaining();
    failed = true;
    if (++framesOnTheirWay < WINDOW_FRAMES) {
      connection.start(MessageType.BLOB_WRITE, this::putFrame, answer -> {}, false);
    } else {
      connection.call(MessageType.BLOB_WRITE, this::putFrame, answer -> {});
      framesOnTheirWay = 0;
    }
    failed = false;
    sentBytes += count;
    gathered.clear();
  }

  private void putFrame(FrameWriter writer) {
    writer.putInt(stream).putLong(sentBytes).room(gathered.remaining()).put(gathered.duplicate());
  }

  @Override
  public long sizeBytes() {
    return sentBytes + gathered.position();
  }

  @Override
  public Blob finish() throws IOException {
    Blob done = finished;
    if (done == null) {
      if (gathered.position() > 0) {
        send();
      }
      done =
          RemoteObjectStore.ask(
              connection,
              MessageType.BLOB_FINISH,
              writer -> writer.putInt(stream),
              MessageCodec::getBlob);
      if (done.sizeBytes() != sentBytes) {
        throw new IOException(
            "of the blob's " + sentBytes + " bytes the server has " + done.sizeBytes());
      }
      finished = done;
    }
    return done;
  }

  @Override
  public boolean linked() {
    return linked;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      linked =
          RemoteObjectStore.ask(
                  connection,
                  MessageType.BLOB_CLOSE,
                  writer -> writer.putInt(stream),
                  MessageCodec::getByte)
              != 0;
    } catch (IpcException e) {
      if (!RemoteObjectStore.lost(e)) {
        throw e;
      }
    }
  }
}
