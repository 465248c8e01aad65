package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.telosfs.persistence.StateTooLargeException;

/** The first frame of each side. */
final class Handshake {
  private static final int WELCOME_BYTES = 256;

  private Handshake() {}

  /** What a server told about itself. */
  record Welcome(int version, long features, int maxFrameBytes, int maxStateBytes, int maxViews) {
    /** Whether notices tell of every change that may be seen. */
    boolean tellsAll() {
      return (features & WireFormat.FEATURE_WHOLE_NOTICES) != 0;
    }
  }

  /** What the client asks for. */
  static void hello(FrameWriter into, int request, byte[] token) {
    into.start(MessageType.HELLO, request)
        .putLong(WireFormat.MAGIC)
        .putShort(WireFormat.VERSION)
        .putShort(WireFormat.VERSION)
        .putLong(WireFormat.FEATURES)
        .putInt(token.length)
        .putBytes(token)
        .end();
  }

  /** Answers the first frame, which is there. */
  static Admission.Admitted accept(
      IpcServer server, FrameReader reader, SessionOutput output, Peer peer) throws IOException {
    ByteBuffer body = reader.body();
    if (reader.type() != MessageType.HELLO.code()
        || MessageCodec.getLong(body) != WireFormat.MAGIC) {
      throw MessageCodec.malformed("a connection starts with a hello");
    }
    int oldest = MessageCodec.getShort(body);
    int newest = MessageCodec.getShort(body);
    long features = MessageCodec.getLong(body);
    byte[] token = MessageCodec.getBytes(body, MessageCodec.getInt(body));
    MessageCodec.requireEnd(body);
    if (oldest > WireFormat.VERSION || newest < WireFormat.VERSION) {
      throw new IpcException(
          IpcError.VERSION,
          "this server speaks version " + WireFormat.VERSION + " of the protocol alone");
    }
    Admission.Admitted admitted;
    try {
      admitted = server.admission().admit(token, peer);
    } finally {
      Arrays.fill(token, (byte) 0);
    }
    FrameWriter welcome = new FrameWriter(WELCOME_BYTES);
    welcome
        .start(MessageType.DONE, reader.request())
        .putShort(WireFormat.VERSION)
        .putLong(admitted.isToldAll() ? features & WireFormat.FEATURES : 0)
        .putInt(server.limits().maxFrameBytes())
        .putInt(StateTooLargeException.MAX_STATE_BYTES)
        .putInt(server.limits().maxViews())
        .end();
    try {
      output.write(welcome.frames());
    } catch (IOException | RuntimeException e) {
      admitted.close();
      throw e;
    }
    return admitted;
  }

  static Welcome welcome(ByteBuffer body) throws IpcException {
    return new Welcome(
        MessageCodec.getShort(body),
        MessageCodec.getLong(body),
        MessageCodec.getInt(body),
        MessageCodec.getInt(body),
        MessageCodec.getInt(body));
  }
}
