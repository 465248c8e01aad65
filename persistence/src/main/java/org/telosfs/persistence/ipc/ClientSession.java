package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.TransactionId;

/** A client's connection, from the handshake to the end; a thread of its own runs it. */
final class ClientSession implements EventFeed.Subscriber {
  private static final System.Logger LOG = System.getLogger(ClientSession.class.getName());
  private static final int FIRST_ANSWER_BYTES = 1024;

  /** What waits for a client to take it. */
  private static final long MAX_WAITING_BYTES = 4L << 20;

  /** Who takes nothing is sent away by the watchdog. */
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final IpcServer server;
  private final PatientChannel channel;
  private final Peer peer;
  private final FrameReader reader;
  private final SessionOutput output;
  private final long connectedNanos = System.nanoTime();
  private final AtomicBoolean condemned = new AtomicBoolean();

  /** Whether a thread waits for the client to take what waits. */
  private final AtomicBoolean flushing = new AtomicBoolean();

  private volatile long condemnedNanos;
  private volatile @Nullable SessionRequests requests;
  private volatile TransactionId seen = TransactionId.NONE;
  private volatile boolean closed;

  private volatile boolean subscribed;

  @GuardedBy("this")
  private boolean released;

  ClientSession(IpcServer server, SocketChannel connected, Peer peer) throws IOException {
    this.server = server;
    this.channel = new PatientChannel(connected, FOR_EVER, ReadWait.LOOKING_NANOS);
    this.peer = peer;
    this.reader = new FrameReader(channel, WireFormat.MAX_HELLO_BYTES);
    this.output = new SessionOutput(channel);
  }

  Peer peer() {
    return peer;
  }

  /** Answers requests until the client leaves or is made to. */
  void run() {
    try {
      if (reader.next()) {
        converse(Handshake.accept(server, reader, output, peer));
      }
    } catch (EOFException | ClosedChannelException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client left within a frame: {0}", e.getMessage());
    } catch (IpcException e) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}: {2}", peer, e.error(), e.getMessage());
      say(e);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the connection of {0} broke: {1}", peer, e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "the session of " + peer + " failed", e);
    } finally {
      close();
    }
  }

  private void converse(Admission.Admitted admitted) throws IOException {
    SessionRequests answering = new SessionRequests(this, server, admitted, output);
    requests = answering;
    reader.trust(server.limits().maxFrameBytes());
    while (reader.next()) {
      answering.handle(reader);
    }
  }

  private void say(Throwable failure) {
    FrameWriter writer = new FrameWriter(FIRST_ANSWER_BYTES);
    IpcFailure.put(writer, 0, failure);
    try {
      output.write(writer.frames());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "{0} left before the reason was told", peer);
    }
  }

  /** The watchdog's round. */
  void checkDeadlines() {
    if (condemned.get()) {
      if (System.nanoTime() - condemnedNanos > server.limits().handshake().toNanos() / 8) {
        close();
      }
      return;
    }
    SessionRequests answering = requests;
    if (answering == null) {
      if (passed(connectedNanos, server.limits().handshake())) {
        condemn(IpcError.TOO_SLOW, "no handshake within " + server.limits().handshake());
      }
      return;
    }
    if (!answering.isAdmitted()) {
      condemn(IpcError.NO_CAPABILITY, "the capability is void or expired by now");
    } else if (passed(reader.waitingSince(), server.limits().frame())) {
      condemn(IpcError.TOO_SLOW, "a frame took longer than " + server.limits().frame());
    } else if (passed(output.waitingSince(), server.limits().frame())) {
      condemn(IpcError.TOO_SLOW, "answers were not taken within " + server.limits().frame());
    } else {
      answering.endIdleTransactions();
    }
  }

  private static boolean passed(long sinceNanos, Duration limit) {
    return sinceNanos != 0 && System.nanoTime() - sinceNanos > limit.toNanos();
  }

  /** Ends the connection soon, after trying to say why. */
  void condemn(IpcError error, String why) {
    if (condemned.compareAndSet(false, true)) {
      condemnedNanos = System.nanoTime();
      LOG.log(System.Logger.Level.WARNING, "{0} is disconnected: {1}: {2}", peer, error, why);
      try {
        server.runAside(
            () -> {
              say(new IpcException(error, why));
              close();
            });
      } catch (RejectedExecutionException e) {
        close();
      }
    }
  }

  /** Whether the client has sent what was not read yet, or does so soon. */
  boolean hasMoreWithin(long nanos) throws IOException {
    return channel.isReadableWithin(nanos);
  }

  /** Has the client told of commits from now on; returns the newest before. */
  TransactionId subscribe() {
    if (!subscribed) {
      subscribed = true;
      seen = server.feed().told();
      server.feed().add(this);
    }
    return server.feed().told();
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** Sends frames that do not answer the request at hand; waits for nobody. */
  void send(FrameWriter frames) {
    if (output.enqueue(frames.frames()) > MAX_WAITING_BYTES) {
      condemn(IpcError.TOO_SLOW, "what was sent was not taken");
      return;
    }
    try {
      if (!output.writeAtOnce() && flushing.compareAndSet(false, true)) {
        server.runAside(this::flush);
      }
    } catch (IOException | RejectedExecutionException e) {
      leftBefore(e);
    }
  }

  private void flush() {
    try {
      output.flush();
      flushing.set(false);
      output.flush();
    } catch (IOException e) {
      leftBefore(e);
    }
  }

  private void leftBefore(Exception e) {
    LOG.log(System.Logger.Level.DEBUG, "{0} left before it was told all: {1}", peer, e);
    close();
  }

  @Override
  public void tell(CommittedTransaction transaction) {
    SessionRequests answering = requests;
    if (closed || answering == null) {
      return;
    }
    FrameWriter notice = answering.notice(transaction);
    if (notice == null) {
      seen(transaction.id());
    } else {
      send(notice);
    }
  }

  @Override
  public TransactionId seen() {
    return closed || condemned.get() ? TransactionId.MAX : seen;
  }

  /** The client says that it has seen the notice of that transaction and all before. */
  void seen(TransactionId id) {
    if (id.compareTo(seen) > 0) {
      seen = id;
    }
    server.feed().progressed();
  }

  @Override
  public void tooSlow() {
    condemn(
        IpcError.TOO_SLOW, "a commit's notice was not answered within " + server.limits().notice());
  }

  /** Ends everything that belongs to the session; a second time has no effect. */
  void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection was not closed", e);
    }
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
    }
    server.feed().remove(this);
    SessionRequests answering = requests;
    if (answering != null) {
      answering.close();
    }
    server.release(this, peer);
  }
}
