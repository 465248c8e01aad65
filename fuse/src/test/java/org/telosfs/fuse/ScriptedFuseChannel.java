package org.telosfs.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.ContentPieces;

/**
 * A kernel made of two queues: requests are put in by the test, replies and notifications taken
 * out.
 */
public final class ScriptedFuseChannel implements FuseChannel {
  private static final int WAIT_SECONDS = 20;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final byte[] UNMOUNT = new byte[0];

  private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
  private final AtomicLong uniques = new AtomicLong(2);
  private final Set<Long> givenUp = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile int uid;

  /** From now on requests come from this user; until then from the superuser. */
  public void caller(int newUid) {
    uid = newUid;
  }

  /** A request; its unique number. */
  public long request(Opcode opcode, long node, byte[] body) {
    long unique = uniques.getAndAdd(2);
    raw(request(opcode, unique, node, body));
    return unique;
  }

  /** Any bytes. */
  public void raw(byte[] bytes) {
    requests.add(bytes);
  }

  /** The mount has ended. */
  public void unmount() {
    requests.add(UNMOUNT);
  }

  /** A request that is given up while it is served: its reply cannot be delivered. */
  public void requestGivenUp(Opcode opcode, long node, byte[] body) {
    long unique = uniques.getAndAdd(2);
    givenUp.add(unique);
    raw(request(opcode, unique, node, body));
  }

  public boolean isClosed() {
    return closed;
  }

  /** The next reply or notification. */
  public Reply reply() throws InterruptedException {
    byte[] bytes = replies.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (bytes == null) {
      throw new AssertionError("no reply within " + WAIT_SECONDS + " s");
    }
    return new Reply(ByteBuffer.wrap(bytes).order(ORDER));
  }

  /** True if there is a reply already. */
  public boolean hasReply() {
    return !replies.isEmpty();
  }

  private byte[] request(Opcode opcode, long unique, long node, byte[] body) {
    ByteBuffer request = ByteBuffer.allocate(40 + body.length).order(ORDER);
    request.putInt(40 + body.length).putInt(opcode.number()).putLong(unique).putLong(node);
    request.putInt(uid).putInt(0).putInt(4711).putInt(0).put(body);
    return request.array();
  }

  @Override
  public Port port(ByteBuffer in, ByteBuffer out) {
    return new Port() {
      @Override
      public int receive() throws IOException {
        try {
          byte[] request = requests.take();
          if (request == UNMOUNT) {
            return UNMOUNTED;
          }
          in.put(0, request);
          return request.length;
        } catch (InterruptedException interrupted) {
          throw new IOException(interrupted);
        }
      }

      @Override
      public int receiveIfThere() {
        byte[] request = requests.peek();
        if (request == null || request == UNMOUNT || !requests.remove(request)) {
          return NOTHING;
        }
        in.put(0, request);
        return request.length;
      }

      @Override
      public boolean send(int bytes) {
        byte[] reply = new byte[bytes];
        out.get(0, reply);
        if (givenUp.contains(new Reply(ByteBuffer.wrap(reply).order(ORDER)).unique())) {
          return false;
        }
        replies.add(reply);
        return true;
      }

      @Override
      public boolean send(int bytes, ContentPieces content) {
        content.copyTo(out.duplicate().clear().position(bytes));
        return send(bytes + content.totalBytes());
      }
    };
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The body of a request: puts fields one after the other. */
  public static final class Body {
    private final ByteBuffer bytes = ByteBuffer.allocate(8192).order(ORDER);

    public Body i32(int value) {
      bytes.putInt(value);
      return this;
    }

    public Body i64(long value) {
      bytes.putLong(value);
      return this;
    }

    public Body name(String name) {
      bytes.put(name.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
      return this;
    }

    public Body data(byte[] data) {
      bytes.put(data);
      return this;
    }

    public byte[] build() {
      byte[] body = new byte[bytes.position()];
      bytes.get(0, body);
      return body;
    }
  }

  /** What came back. */
  public record Reply(ByteBuffer bytes) {
    public int errno() {
      return -bytes.getInt(4);
    }

    /** The code of a notification. */
    public int code() {
      return bytes.getInt(4);
    }

    public long unique() {
      return bytes.getLong(8);
    }

    public int bodyBytes() {
      return bytes.capacity() - 16;
    }

    public long bodyLong(int offset) {
      return bytes.getLong(16 + offset);
    }

    public int bodyInt(int offset) {
      return bytes.getInt(16 + offset);
    }

    public String bodyText() {
      return new String(bytes.array(), 16, bodyBytes(), StandardCharsets.UTF_8);
    }
  }
}
