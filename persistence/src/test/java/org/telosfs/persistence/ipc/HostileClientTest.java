package org.telosfs.persistence.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;

/** What clients do wrong ends their connection at most. */
@Timeout(60)
class HostileClientTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final IpcLimits LIMITS =
      IpcLimits.DEFAULT
          .withMaxFrameBytes(1 << 20)
          .withConnections(64, 48)
          .withViews(8, 1 << 20)
          .withDeadlines(SHORT, SHORT, LONG, SHORT);

  private ServedStore served;
  private RemoteObjectStore good;

  @BeforeEach
  void serve() throws IOException {
    served = ServedStore.inMemory(LIMITS);
    good = served.connect();
  }

  @AfterEach
  void end() throws IOException {
    good.ping();
    good.close();
    served.close();
  }

  private SocketChannel open() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(served.socket()));
  }

  private SocketChannel greeted() throws IOException {
    SocketChannel channel = open();
    FrameWriter hello = new FrameWriter(64);
    Handshake.hello(hello, 1, new byte[] {1});
    send(channel, hello.frames());
    FrameReader reader = new FrameReader(channel, 1 << 20);
    assertTrue(reader.next());
    return channel;
  }

  private static void send(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** What the server says last; it closes the connection then. */
  private static IpcError lastWord(SocketChannel channel) throws IOException {
    FrameReader reader = new FrameReader(channel, 1 << 20);
    IpcError last = null;
    try (channel) {
      while (reader.next()) {
        if (reader.type() == MessageType.FAILED.code() && reader.request() == 0) {
          last = IpcError.ofNumber(MessageCodec.getShort(reader.body()));
        }
      }
    }
    return last;
  }

  @Test
  void whoSaysNothingIsSentAway() throws IOException {
    assertEquals(IpcError.TOO_SLOW, lastWord(open()));
  }

  @Test
  void whoStartsAFrameAndDoesNotEndItIsSentAway() throws IOException {
    SocketChannel channel = greeted();
    send(channel, ByteBuffer.allocate(64).putInt(0, 100));
    assertEquals(IpcError.TOO_SLOW, lastWord(channel));
  }

  @Test
  void anOversizedFrameIsRefusedBeforeItIsRead() throws IOException {
    SocketChannel channel = greeted();
    send(channel, ByteBuffer.allocate(WireFormat.HEADER_BYTES).putInt(0, 1 << 30));
    assertEquals(IpcError.FRAME_TOO_LARGE, lastWord(channel));
  }

  @Test
  void anOversizedHelloIsRefused() throws IOException {
    SocketChannel channel = open();
    send(channel, ByteBuffer.allocate(WireFormat.HEADER_BYTES).putInt(0, 1 << 16));
    assertEquals(IpcError.FRAME_TOO_LARGE, lastWord(channel));
  }

  @Test
  void garbageIsRefused() throws IOException {
    Random random = new Random(7);
    for (int seed = 0; seed < 200; seed++) {
      byte[] bytes = new byte[64];
      random.nextBytes(bytes);
      try (SocketChannel channel = seed % 2 == 0 ? open() : greeted()) {
        send(channel, ByteBuffer.wrap(bytes));
        channel.shutdownOutput();
        drain(channel);
      }
    }
  }

  private static void drain(SocketChannel channel) throws IOException {
    ByteBuffer sink = ByteBuffer.allocate(4096);
    while (channel.read(sink.clear()) >= 0) {
      assertTrue(sink.position() > 0);
    }
  }

  @Test
  void aCountThatLiesIsRefused() throws IOException {
    SocketChannel channel = greeted();
    FrameWriter writer = new FrameWriter(64);
    writer.start(MessageType.GET, 2).putInt(0).putInt(Integer.MAX_VALUE).end();
    send(channel, writer.frames());
    assertEquals(IpcError.MALFORMED, lastWord(channel));
  }

  @Test
  void aTruncatedFrameEndsThatConnectionAlone() throws IOException {
    try (SocketChannel channel = greeted()) {
      send(channel, ByteBuffer.allocate(20).putInt(0, 1000));
      channel.shutdownOutput();
      assertThrows(EOFException.class, () -> endOf(channel));
    }
  }

  private static void endOf(SocketChannel channel) throws IOException {
    FrameReader reader = new FrameReader(channel, 1 << 20);
    if (!reader.next()) {
      throw new EOFException("closed");
    }
  }

  @Test
  void whoNeverReadsIsSentAway() throws IOException {
    ObjectId id = put(500_000);
    SocketChannel channel = greeted();
    FrameWriter writer = new FrameWriter(64);
    for (int request = 2; request < 50; request++) {
      writer.start(MessageType.GET, request).putInt(0).putInt(1).putLong(id.value()).end();
    }
    send(channel, writer.frames());
    awaitConnections(1);
    channel.close();
  }

  private ObjectId put(int bytes) throws IOException {
    ObjectId id = good.newIds(1).get(0);
    try (StoreTransaction transaction = good.begin()) {
      transaction.put(new ObjectPut(id, ByteString.copyOf(new byte[bytes]), List.of()));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    return id;
  }

  private void awaitHandled(long wanted) {
    while (served.server().stats().accepted() + served.server().stats().refused() < wanted) {
      Thread.onSpinWait();
    }
  }

  private void awaitConnections(int wanted) {
    while (served.server().stats().connections() != wanted) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aSubscriberThatAnswersNothingHoldsUpOneCommitForAMomentAndIsSentAway() throws IOException {
    SocketChannel channel = greeted();
    FrameWriter writer = new FrameWriter(64);
    writer.start(MessageType.SUBSCRIBE, 2).end();
    send(channel, writer.frames());
    FrameReader reader = new FrameReader(channel, 1 << 20);
    assertTrue(reader.next());
    put(10);
    put(10);
    assertEquals(IpcError.TOO_SLOW, lastWord(channel));
  }

  @Test
  void transactionsTooManyAndTooLargeAreRefused() throws IOException {
    List<StoreTransaction> open = new ArrayList<>();
    IpcException many =
        assertThrows(
            IpcException.class,
            () -> {
              while (true) {
                open.add(good.begin());
              }
            });
    assertEquals(IpcError.TOO_MANY_VIEWS, many.error());
    assertEquals(LIMITS.maxViews(), open.size());
    ObjectId id = good.newIds(1).get(0);
    ObjectPut large = new ObjectPut(id, ByteString.copyOf(new byte[600_000]), List.of());
    open.get(0).put(large);
    open.get(0).put(large);
    IpcException refused =
        assertThrows(IpcException.class, () -> open.get(0).commit(TransactionMetadata.NONE));
    assertEquals(IpcError.TRANSACTION_TOO_LARGE, refused.error());
    open.forEach(StoreTransaction::close);
  }

  @Test
  void aTransactionLeftAloneIsAbortedAndTheClientToldSo() throws IOException {
    Duration brief = Duration.ofMillis(50);
    IpcLimits limits =
        IpcLimits.DEFAULT.withDeadlines(
            IpcLimits.DEFAULT.handshake(),
            IpcLimits.DEFAULT.frame(),
            brief,
            IpcLimits.DEFAULT.notice());
    try (ServedStore served = ServedStore.inMemory(limits);
        RemoteObjectStore store = served.connect();
        StoreTransaction left = store.begin();
        StoreSnapshot snapshot = store.snapshot()) {
      left.base();
      for (long end = System.nanoTime() + 10 * brief.toNanos(); System.nanoTime() < end; ) {
        store.ping();
      }
      IpcException ended =
          assertThrows(IpcException.class, () -> left.get(List.of(ObjectId.ROOTS)));
      assertEquals(IpcError.NO_SUCH_VIEW, ended.error());
      assertEquals(0, snapshot.roots().size());
    }
  }

  @Test
  void twoThousandHostileConnectionsLeaveNothingBehind() throws Exception {
    long descriptors = descriptors();
    List<SocketChannel> hostile = new ArrayList<>();
    Random random = new Random(3);
    for (int number = 0; number < 2000; number++) {
      SocketChannel channel = open();
      hostile.add(channel);
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      channel.configureBlocking(false);
      try {
        channel.write(ByteBuffer.wrap(bytes));
      } catch (IOException refusedAlready) {
        assertTrue(channel.isOpen());
      }
      if (number % 100 == 0) {
        good.ping();
      }
    }
    awaitHandled(2001);
    awaitConnections(1);
    for (SocketChannel channel : hostile) {
      channel.close();
    }
    good.ping();
    assertTrue(descriptors() <= descriptors + 4, descriptors + " before, " + descriptors());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
