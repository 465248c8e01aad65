package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;

/**
 * A client's end of a connection, shared by any number of threads. Whoever waits for an answer and
 * finds nobody reading, reads, and hands over what is for others; so a thread that is alone meets
 * its answer without another thread being woken.
 */
final class Connection {
  private static final int FIRST_BYTES = 32 * 1024;
  private static final int MAX_HELD_BYTES = 64 * 1024;

  /** With more than that each call is waited for: the server could not send so many answers. */
  private static final int MAX_UNANSWERED = 64;

  /** Long enough for a commit that waits for a quick device. */
  private static final long LOOKING_NANOS = 400_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Takes an answer's frames, one after another, in the order they come. */
  interface Answer {
    void take(ByteBuffer body) throws IOException;
  }

  /** Is told of commits, by the thread that reads. */
  interface Notices {
    void committed(CommittedTransaction transaction);

    /** The connection is over. */
    void lost();
  }

  /** A request whose answer is, or was, under way. */
  static final class Call {
    private final Answer answer;
    private volatile boolean done;
    private volatile @Nullable Exception failure;
    private volatile @Nullable Thread waiter;

    private Call(Answer answer) {
      this.answer = answer;
    }

    boolean isDone() {
      return done;
    }

    private void done(@Nullable Exception why) {
      failure = failure == null ? why : failure;
      done = true;
      LockSupport.unpark(waiter);
    }
  }

  private final PatientChannel channel;
  private final FrameReader reader;
  private final ReentrantLock writing = new ReentrantLock();

  @GuardedBy("writing")
  private final FrameWriter writer = new FrameWriter(FIRST_BYTES);

  /** Whether finished frames wait in the writer. */
  private volatile boolean held;

  private final AtomicBoolean somebodyReads = new AtomicBoolean();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger views = new AtomicInteger();
  private final AtomicInteger openViews = new AtomicInteger();

  /** Of the ids that this server is known to have given out; another may do so again after it. */
  private final AtomicLong greatestGiven = new AtomicLong();

  private final Map<Integer, Call> calls = new ConcurrentHashMap<>();
  private final Notices notices;
  private volatile @Nullable IOException broken;
  private Handshake.@Nullable Welcome welcome;

  private Connection(PatientChannel channel, Notices notices) {
    this.channel = channel;
    this.notices = notices;
    this.reader = new FrameReader(channel, Integer.MAX_VALUE - Long.BYTES);
    reader.trust(Integer.MAX_VALUE - Long.BYTES);
  }

  /**
   * Connects and shows the capability.
   *
   * @throws IpcException if the server is not there or refuses
   */
  static Connection open(Path socket, byte[] token, Notices notices) throws IOException {
    SocketChannel connected;
    try {
      Path there = Files.isSymbolicLink(socket) ? Files.readSymbolicLink(socket) : socket;
      connected = SocketChannel.open(UnixDomainSocketAddress.of(there));
    } catch (IOException e) {
      throw new IpcException(
          IpcError.CONNECTION_LOST, socket + ": no server answers there; is one running?", e);
    }
    Connection connection =
        new Connection(new PatientChannel(connected, PATIENCE, LOOKING_NANOS), notices);
    try {
      Handshake.Welcome[] welcome = new Handshake.Welcome[1];
      connection.call(
          (writer, request) -> Handshake.hello(writer, request, token),
          body -> welcome[0] = Handshake.welcome(body));
      connection.welcome = welcome[0];
      return connection;
    } catch (IOException | RuntimeException e) {
      connection.close(new IOException("the handshake failed", e));
      throw e;
    }
  }

  /** What the server told of itself. */
  Handshake.Welcome welcome() {
    if (welcome == null) {
      throw new IllegalStateException("before the handshake");
    }
    return welcome;
  }

  /** A number for a snapshot or a transaction. */
  int newView() {
    openViews.incrementAndGet();
    return views.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
  }

  /** One of those numbers is not used any more. */
  void viewEnded() {
    openViews.decrementAndGet();
  }

  /** Whether the server may refuse to open so many. */
  boolean hasManyViews() {
    return openViews.get() > welcome().maxViews();
  }

  /** The server has given out that id, and so all that are smaller. */
  void gaveOut(ObjectId id) {
    if (id.value() > greatestGiven.get()) {
      greatestGiven.accumulateAndGet(id.value(), Math::max);
    }
  }

  /** Whether the server is known to have given out that id, to whomever. */
  boolean wasGivenOut(ObjectId id) {
    return id.value() <= greatestGiven.get();
  }

  boolean isBroken() {
    return broken != null;
  }

  /** Puts a request together. */
  interface Message {
    void put(FrameWriter writer, int request);
  }

  /** A request of that type with that body. */
  void call(MessageType type, Consumer<FrameWriter> body, Answer answer) throws IOException {
    call(message(type, body), answer);
  }

  private static Message message(MessageType type, Consumer<FrameWriter> body) {
    return (writer, request) -> {
      writer.start(type, request);
      body.accept(writer);
      writer.end();
    };
  }

  /** Sends a request and waits for its answer. */
  void call(Message message, Answer answer) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      Call call = send(message, answer, false);
      interrupted |= await(call);
      Exception failure = call.failure;
      if (failure != null) {
        throw IpcFailure.here(failure);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Sends a request without waiting for its answer, which is taken by whoever reads it.
   *
   * @param soon whether it may wait here until something else is sent, or this call is awaited
   */
  Call start(MessageType type, Consumer<FrameWriter> body, Answer answer, boolean soon)
      throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      Call call = send(message(type, body), answer, soon);
      if (calls.size() > MAX_UNANSWERED) {
        finish(call);
      }
      return call;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits for the answer.
   *
   * @throws IOException what the request met; any number of times
   */
  void finish(Call call) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      if (held && !call.done) {
        writeHeld();
      }
      interrupted |= await(call);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    Exception failure = call.failure;
    if (failure != null) {
      throw IpcFailure.here(failure);
    }
  }

  /** Sends what is not answered. */
  void tell(MessageType type, Consumer<FrameWriter> body) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      write(message(type, body), 0, false);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Call send(Message message, Answer answer, boolean soon) throws IOException {
    Call call = new Call(answer);
    int request = requests.incrementAndGet();
    calls.put(request, call);
    try {
      write(message, request, soon);
    } catch (IOException | RuntimeException e) {
      calls.remove(request);
      throw e;
    }
    if (broken != null && calls.remove(request) != null) {
      throw lost();
    }
    return call;
  }

  private void write(Message message, int request, boolean soon) throws IOException {
    writing.lock();
    try {
      if (broken != null) {
        throw lost();
      }
      try {
        message.put(writer, request);
      } catch (RuntimeException | Error e) {
        writer.abandon();
        throw e;
      }
      held = soon && writer.bytes() < MAX_HELD_BYTES;
      if (!held) {
        writeFrames();
      }
    } finally {
      writing.unlock();
    }
  }

  private void writeHeld() throws IOException {
    writing.lock();
    try {
      if (held && broken == null) {
        held = false;
        writeFrames();
      }
    } finally {
      writing.unlock();
    }
  }

  @GuardedBy("writing")
  private void writeFrames() throws IOException {
    try {
      channel.write(writer.frames());
    } catch (IOException e) {
      close(new IOException("a request could not be sent", e));
      throw lost();
    } finally {
      writer.clear();
    }
  }

  private IpcException lost() {
    IOException why = broken;
    if (why instanceof IpcException told && told.error() != IpcError.CONNECTION_LOST) {
      return new IpcException(told.error(), String.valueOf(told.getMessage()), told);
    }
    String what = why == null ? "it was closed" : String.valueOf(why.getMessage());
    IpcException lost =
        new IpcException(IpcError.CONNECTION_LOST, "the connection was lost: " + what);
    if (why != null) {
      lost.addSuppressed(why);
    }
    return lost;
  }

  /** Returns whether the thread was interrupted meanwhile. */
  private boolean await(Call call) {
    boolean interrupted = false;
    while (!call.done) {
      if (somebodyReads.compareAndSet(false, true)) {
        try {
          while (!call.done) {
            readOne();
          }
        } finally {
          somebodyReads.set(false);
          wakeAnother();
        }
      } else {
        call.waiter = Thread.currentThread();
        if (!call.done && somebodyReads.get()) {
          LockSupport.park(this);
          interrupted |= Thread.interrupted();
        }
      }
    }
    return interrupted;
  }

  /** Reads on and on, so that notices are met while nobody asks anything. */
  void readUntilBroken() {
    while (broken == null) {
      if (somebodyReads.compareAndSet(false, true)) {
        try {
          while (broken == null) {
            readOne();
          }
        } finally {
          somebodyReads.set(false);
          wakeAnother();
        }
      } else {
        LockSupport.parkNanos(this, 1_000_000);
      }
    }
  }

  private void wakeAnother() {
    for (Call call : calls.values()) {
      Thread waiter = call.waiter;
      if (waiter != null && !call.done) {
        LockSupport.unpark(waiter);
        return;
      }
    }
  }

  private void readOne() {
    if (broken != null) {
      failAll(lost());
      return;
    }
    try {
      if (!reader.next()) {
        throw new EOFException("the server has closed it");
      }
      take(MessageType.ofCode(reader.type()), reader.request(), reader.body());
    } catch (IOException | RuntimeException e) {
      close(e instanceof IOException io ? io : new IOException("the connection failed", e));
    }
  }

  private void take(@Nullable MessageType type, int request, ByteBuffer body) throws IOException {
    if (type == MessageType.COMMITTED) {
      notices.committed(MessageCodec.getTransaction(body));
      return;
    }
    if (type == MessageType.FAILED && request == 0) {
      Exception failure = IpcFailure.get(body);
      throw failure instanceof IOException io ? io : new IOException(failure);
    }
    Call call = calls.get(request);
    if (call == null || (type != MessageType.DONE && type != MessageType.FAILED)) {
      throw MessageCodec.malformed("an answer that nobody waits for");
    }
    if (type == MessageType.FAILED) {
      calls.remove(request);
      call.done(IpcFailure.get(body));
      return;
    }
    boolean more = (reader.flags() & WireFormat.FLAG_MORE) != 0;
    try {
      call.answer.take(body);
    } catch (IOException | RuntimeException e) {
      call.failure = e;
    }
    if (!more) {
      calls.remove(request);
      call.done(null);
    }
  }

  private void failAll(IOException why) {
    calls.forEach(
        (request, call) -> {
          if (calls.remove(request, call)) {
            call.done(why);
          }
        });
  }

  /** Ends the connection; whoever waits for an answer meets the reason. */
  void close(IOException why) {
    if (broken == null) {
      broken = why;
    }
    try {
      channel.close();
    } catch (IOException e) {
      why.addSuppressed(e);
    }
    failAll(lost());
    notices.lost();
  }
}
