package org.telosfs.daemon.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;

/** A conversation with a running daemon; used by one thread. */
public final class ControlClient implements Closeable {
  private final ControlChannel channel;

  private ControlClient(ControlChannel channel) {
    this.channel = channel;
  }

  /** Connects; empty if nobody listens there (a socket of a dead daemon may still lie there). */
  public static Optional<ControlClient> connect(Path wanted) throws IOException {
    if (!Files.exists(wanted, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      SocketChannel connected = SocketChannel.open(ControlAddress.resolve(wanted));
      return Optional.of(new ControlClient(new ControlChannel(connected)));
    } catch (IOException refused) {
      if (Files.exists(wanted) && !Files.isWritable(wanted)) {
        throw new Refusal(
            ExitCode.NO_PERMISSION,
            wanted + ": permission denied; only the daemon's owner may control it");
      }
      return Optional.empty();
    }
  }

  /** A request without arguments. */
  public static ObjectNode request(String command) {
    return JsonNodeFactory.instance.objectNode().put("command", command);
  }

  /**
   * Sends a request and waits for its result.
   *
   * @throws Refusal what the daemon refused
   */
  public JsonNode call(ObjectNode request) throws IOException {
    channel.send(request);
    ObjectNode reply = channel.receive();
    if (reply == null) {
      throw new IOException("the daemon ended before it answered; see its log");
    }
    if (!reply.path("ok").asBoolean()) {
      throw new Refusal(
          ExitCode.of(reply.path("code").asInt(ExitCode.INTERNAL.number())),
          reply.path("error").asText());
    }
    return reply.path("result");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
