package org.telosfs.daemon.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of JSON over a connected socket; used by one thread at a time. */
final class ControlChannel implements Closeable {
  private static final System.Logger LOG = System.getLogger(ControlChannel.class.getName());
  private static final int MAX_LINE_BYTES = 64 << 20;

  private final ObjectMapper json = ExactJson.mapper();
  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;

  ControlChannel(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    this.out = Channels.newOutputStream(channel);
  }

  void send(JsonNode message) throws IOException {
    byte[] text = json.writeValueAsBytes(message);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    out.write(line);
  }

  /**
   * The next message; null at the end.
   *
   * @throws IOException also if it is no JSON object, or too long
   */
  @Nullable ObjectNode receive() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      if (line.size() == MAX_LINE_BYTES) {
        throw new IOException("a message is longer than " + MAX_LINE_BYTES + " bytes");
      }
      line.write(next);
    }
    try {
      if (json.readTree(line.toByteArray()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException malformed) {
      throw new IOException("a message is no JSON: " + malformed.getOriginalMessage(), malformed);
    }
    throw new IOException("a message is no JSON object");
  }

  /** Makes {@link #receive} see the end once what is being answered is answered; any thread. */
  void endInput() throws IOException {
    try {
      channel.shutdownInput();
    } catch (ClosedChannelException ended) {
      LOG.log(System.Logger.Level.DEBUG, "a control connection ended by itself");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
