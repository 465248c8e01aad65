package org.telosfs.persistence.ipc;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import org.telosfs.persistence.TransactionId;

/** Any bytes are frames and messages, or are refused as none. */
public final class FrameFuzz {
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private static final List<RemoteObjectStore.Read<Object>> MESSAGES =
      List.of(
          MessageCodec::getIds,
          MessageCodec::getTransactionIds,
          body -> MessageCodec.getRevision(body, TransactionId.NONE),
          MessageCodec::getObject,
          MessageCodec::getRoots,
          MessageCodec::getMetadata,
          MessageCodec::getOutcome,
          MessageCodec::getUndo,
          MessageCodec::getRange,
          MessageCodec::getTransaction,
          MessageCodec::getStats,
          IpcFailure::get,
          Handshake::welcome);

  private FrameFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    FrameReader frames =
        new FrameReader(Channels.newChannel(new ByteArrayInputStream(input)), MAX_FRAME_BYTES);
    try {
      while (frames.next()) {
        MessageType.ofCode(frames.type());
        decode(frames.body(), frames.request());
      }
    } catch (EOFException | IpcException refused) {
      return;
    } catch (IOException e) {
      throw new AssertionError("no refusal", e);
    }
  }

  /** The request number, which says nothing, chooses what is read. */
  private static void decode(ByteBuffer body, int choice) throws IOException {
    try {
      MESSAGES.get(Math.floorMod(choice, MESSAGES.size())).from(body);
      if (body.position() > body.limit()) {
        throw new AssertionError("more was read than there is");
      }
    } catch (IllegalArgumentException refused) {
      body.rewind();
    }
  }
}
