package org.telosfs.daemon.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Failure;

/**
 * Answers control requests, each connection by a thread of its own; a connection too many waits.
 * What a request does wrong ends that connection at most.
 */
public final class ControlServer implements Closeable {
  private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());
  private static final int MAX_CONNECTIONS = 16;

  /** For a reply that nobody takes. */
  private static final Duration SEND_DEADLINE = Duration.ofSeconds(5);

  /** A kernel that forgets some million inodes keeps umount(2) waiting for a while. */
  private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(10);

  private final ControlAddress address;
  private final ServerSocketChannel server;
  private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
  private final Map<ControlChannel, Thread> conversations = new ConcurrentHashMap<>();
  private final Duration sendDeadline;
  private volatile Map<String, ControlHandler> handlers = Map.of();

  /** How many requests are being answered. */
  @GuardedBy("this")
  private int answering;

  private ControlServer(ControlAddress address, ServerSocketChannel server, Duration sendDeadline) {
    this.address = address;
    this.server = server;
    this.sendDeadline = sendDeadline;
  }

  /** Takes the address; who connects waits until {@link #start}. */
  public static ControlServer bind(ControlAddress address) throws IOException {
    return bind(address, SEND_DEADLINE);
  }

  static ControlServer bind(ControlAddress address, Duration sendDeadline) throws IOException {
    address.clear();
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(address.socket()));
      address.link();
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
    return new ControlServer(address, channel, sendDeadline);
  }

  /** Answers from now on. */
  public void start(Map<String, ControlHandler> answers) {
    handlers = Map.copyOf(answers);
    thread("control", this::accept);
  }

  private void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (server.isOpen()) {
      free.acquireUninterruptibly();
      try {
        SocketChannel accepted = server.accept();
        thread("control-client", () -> converse(accepted));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException refused) {
        free.release();
        LOG.log(System.Logger.Level.WARNING, "a control connection was not accepted", refused);
      }
    }
  }

  private void converse(SocketChannel accepted) {
    try (ControlChannel channel = new ControlChannel(accepted)) {
      conversations.put(channel, Thread.currentThread());
      try {
        for (ObjectNode request = channel.receive(); request != null; request = channel.receive()) {
          channel.send(answer(request));
        }
      } finally {
        conversations.remove(channel);
      }
    } catch (IOException broken) {
      LOG.log(System.Logger.Level.DEBUG, "a control connection broke", broken);
    } finally {
      free.release();
    }
  }

  private ObjectNode answer(ObjectNode request) {
    countAnswering(1);
    try {
      return answerOf(request);
    } finally {
      countAnswering(-1);
    }
  }

  private synchronized void countAnswering(int more) {
    answering += more;
    notifyAll();
  }

  private synchronized void awaitAnswers() throws InterruptedException {
    long end = System.nanoTime() + ANSWER_DEADLINE.toNanos();
    while (answering > 0 && System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
  }

  private ObjectNode answerOf(ObjectNode request) {
    String command = request.path("command").asText();
    ControlHandler handler = handlers.get(command);
    if (handler == null) {
      return refused(new Failure(ExitCode.USAGE, "the daemon knows no command '" + command + "'"));
    }
    try {
      JsonNode result = handler.handle(request);
      ObjectNode reply = JsonNodeFactory.instance.objectNode().put("ok", true);
      reply.set("result", result);
      return reply;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
      // What a request was too large for is freed with it: the daemon goes on.
      Failure failure = Failure.of(thrown);
      if (failure.code() == ExitCode.INTERNAL) {
        LOG.log(System.Logger.Level.ERROR, "control command " + command + " failed", thrown);
      }
      return refused(failure);
    }
  }

  private static ObjectNode refused(Failure failure) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", false)
        .put("code", failure.code().number())
        .put("error", failure.message());
  }

  /** Accepts nothing more, has what was asked answered and sent, and removes the socket. */
  @Override
  public void close() throws IOException {
    server.close();
    try {
      for (ControlChannel conversation : conversations.keySet()) {
        conversation.endInput();
      }
      awaitAnswers();
      for (Thread conversation : conversations.values()) {
        conversation.join(sendDeadline.toMillis());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    address.clear();
  }
}
