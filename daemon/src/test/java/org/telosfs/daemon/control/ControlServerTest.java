package org.telosfs.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;

class ControlServerTest {
  @TempDir private Path home;

  private ControlServer serve(Path wanted, Map<String, ControlHandler> handlers)
      throws IOException {
    ControlServer server = ControlServer.bind(ControlAddress.choose(wanted, home));
    server.start(handlers);
    return server;
  }

  private static ControlClient connect(Path wanted) throws IOException {
    return ControlClient.connect(wanted).orElseThrow();
  }

  @Test
  void answersManyRequestsOfOneConversation() throws IOException {
    Path socket = home.resolve("control");
    try (ControlServer server = serve(socket, Map.of("echo", request -> request.path("text")));
        ControlClient client = connect(socket)) {
      for (int i = 0; i < 100; i++) {
        String text = "line\n" + i;
        assertEquals(text, client.call(ControlClient.request("echo").put("text", text)).asText());
      }
    }
    assertFalse(Files.exists(socket), "the socket is removed");
  }

  @Test
  void aRefusalArrivesWithItsCode() throws IOException {
    Path socket = home.resolve("control");
    ControlHandler refusing =
        request -> {
          throw new Refusal(ExitCode.BUSY, "in use");
        };
    try (ControlServer server = serve(socket, Map.of("refuse", refusing));
        ControlClient client = connect(socket)) {
      Refusal refusal =
          assertThrows(Refusal.class, () -> client.call(ControlClient.request("refuse")));
      assertEquals(ExitCode.BUSY, refusal.code());
      assertEquals("in use", refusal.getMessage());
      Refusal unknown =
          assertThrows(Refusal.class, () -> client.call(ControlClient.request("dance")));
      assertEquals(ExitCode.USAGE, unknown.code());
    }
  }

  @Test
  void rubbishEndsThatConnectionOnly() throws IOException {
    Path socket = home.resolve("control");
    try (ControlServer server =
        serve(socket, Map.of("one", request -> JsonNodeFactory.instance.numberNode(1)))) {
      try (SocketChannel rubbish = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        rubbish.write(StandardCharsets.UTF_8.encode("no JSON\n"));
        assertEquals(-1, rubbish.read(ByteBuffer.allocate(16)));
      }
      try (ControlClient client = connect(socket)) {
        assertEquals(1, client.call(ControlClient.request("one")).asInt());
      }
    }
  }

  @Test
  void aLongPathIsALinkToAShortOne() throws IOException {
    Path deep = Files.createDirectories(home.resolve("d".repeat(60)).resolve("e".repeat(60)));
    Path socket = deep.resolve("control");
    try (ControlServer server =
            serve(socket, Map.of("one", request -> JsonNodeFactory.instance.numberNode(1)));
        ControlClient client = connect(socket)) {
      assertTrue(Files.isSymbolicLink(socket));
      assertEquals(1, client.call(ControlClient.request("one")).asInt());
    }
    assertFalse(Files.exists(socket, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void theSocketOfADeadServerIsReplacedAndIsNoServer() throws IOException {
    Path socket = home.resolve("control");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    assertTrue(ControlClient.connect(socket).isEmpty());
    try (ControlServer server =
            serve(socket, Map.of("one", request -> JsonNodeFactory.instance.numberNode(1)));
        ControlClient client = connect(socket)) {
      assertEquals(1, client.call(ControlClient.request("one")).asInt());
    }
  }

  /** As umount(2) was, of a tree of which the kernel knew three million inodes. */
  @Test
  void closingWaitsForAnAnswerThatTakesLongerThanItsSendingMay() throws Exception {
    Path socket = home.resolve("control");
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    ControlHandler slow =
        request -> {
          entered.countDown();
          try {
            answered.await();
          } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
          }
          return JsonNodeFactory.instance.numberNode(7);
        };
    try (ControlServer server =
            ControlServer.bind(ControlAddress.choose(socket, home), Duration.ofMillis(1));
        ControlClient client = startAndConnect(server, socket, slow)) {
      CompletableFuture<Integer> answer =
          async(() -> client.call(ControlClient.request("slow")).asInt());
      entered.await();
      CompletableFuture<Void> closed =
          async(
              () -> {
                server.close();
                return null;
              });
      assertThrows(TimeoutException.class, () -> closed.get(100, TimeUnit.MILLISECONDS));
      answered.countDown();
      assertEquals(7, answer.get());
      closed.get();
    }
  }

  private static ControlClient startAndConnect(
      ControlServer server, Path socket, ControlHandler slow) throws IOException {
    server.start(Map.of("slow", slow));
    return connect(socket);
  }

  private static <T> CompletableFuture<T> async(Callable<T> task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.call();
          } catch (Exception failed) {
            throw new IllegalStateException(failed);
          }
        });
  }
}
