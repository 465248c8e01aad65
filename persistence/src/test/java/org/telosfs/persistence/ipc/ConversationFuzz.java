package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Whatever an admitted client sends, the server meets no fault of its own. */
public final class ConversationFuzz {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final IpcLimits LIMITS =
      IpcLimits.DEFAULT
          .withMaxFrameBytes(1 << 17)
          .withViews(4, 1 << 16)
          .withDeadlines(LONG, LONG, LONG, Duration.ofMillis(10));
  private static final Logger LOGGERS = Logger.getLogger(IpcServer.class.getPackageName());
  private static final Faults FAULTS = new Faults();
  private static final AtomicReference<ServedStore> SERVED = new AtomicReference<>();

  static {
    LOGGERS.setUseParentHandlers(false);
    LOGGERS.addHandler(FAULTS);
  }

  private ConversationFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    if (SERVED.get() == null) {
      SERVED.set(ServedStore.inMemory(LIMITS));
    }
    FAULTS.first.set(null);
    try (SocketChannel channel =
        SocketChannel.open(UnixDomainSocketAddress.of(SERVED.get().socket()))) {
      FrameWriter hello = new FrameWriter(64);
      Handshake.hello(hello, 1, new byte[] {1});
      send(channel, hello.frames(), ByteBuffer.wrap(input));
      drain(channel);
    }
    LogRecord fault = FAULTS.first.get();
    if (fault != null) {
      throw new AssertionError(fault.getMessage(), fault.getThrown());
    }
  }

  private static void send(SocketChannel channel, ByteBuffer... parts) {
    try {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      channel.shutdownOutput();
    } catch (IOException sentAway) {
      LOGGERS.log(Level.FINE, "the server has closed the connection", sentAway);
    }
  }

  private static void drain(SocketChannel channel) {
    ByteBuffer sink = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(sink.clear()) >= 0) {
        LOGGERS.log(Level.FINEST, "answered");
      }
    } catch (IOException sentAway) {
      LOGGERS.log(Level.FINE, "the server has closed the connection", sentAway);
    }
  }

  /** Remembers the first that the server is to blame for. */
  private static final class Faults extends Handler {
    private final AtomicReference<LogRecord> first = new AtomicReference<>();

    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
        first.compareAndSet(null, record);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
