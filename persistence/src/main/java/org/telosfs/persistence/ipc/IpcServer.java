package org.telosfs.persistence.ipc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.Subscription;

/** Serves an object store on a Unix-domain socket. */
public final class IpcServer implements Closeable {
  private static final System.Logger LOG = System.getLogger(IpcServer.class.getName());
  private static final long WATCH_MILLIS = 50;
  private static final int BACKLOG = 1024;
  private static final long END_SECONDS = 5;

  private final ServerSocketChannel socket;
  private final Path path;
  private final Admission admission;
  private final Peer.Lookup peers;
  private final IpcLimits limits;
  private final EventFeed feed;
  private final CommitIds commitIds;
  private final Subscription subscription;
  private final ThreadFactory threads = IpcServer::daemonThread;
  private final ExecutorService committers = Executors.newCachedThreadPool(threads);
  private final Set<ClientSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean ending;

  @GuardedBy("connections")
  private final Map<Integer, Integer> connections = new HashMap<>();

  @GuardedBy("connections")
  private int connectionCount;

  private IpcServer(
      ServerSocketChannel socket,
      Path path,
      ObjectStore store,
      Admission admission,
      Peer.Lookup peers,
      IpcLimits limits)
      throws IOException {
    this.socket = socket;
    this.path = path;
    this.admission = admission;
    this.peers = peers;
    this.limits = limits;
    this.feed = new EventFeed(limits.notice());
    this.commitIds = new CommitIds(store);
    this.subscription = store.subscribe(feed);
    try (StoreSnapshot newest = store.snapshot()) {
      feed.startAt(newest.transaction());
    }
  }

  /**
   * Serves from now on.
   *
   * @param path the socket, in a directory of the owner's; what lies there is what a dead server
   *     left, so the caller holds the store's lock
   */
  public static IpcServer start(
      Path path, ObjectStore store, Admission admission, Peer.Lookup peers, IpcLimits limits)
      throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      IpcServer server = new IpcServer(socket, path, store, admission, peers, limits);
      server.threads.newThread(server::accept).start();
      server.threads.newThread(server::watch).start();
      return server;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static Thread daemonThread(Runnable work) {
    Thread thread = new Thread(work, "telosfs-ipc");
    thread.setDaemon(true);
    return thread;
  }

  Thread thread(Runnable work, String name) {
    Thread thread = threads.newThread(work);
    thread.setName("telosfs-ipc-" + name);
    return thread;
  }

  IpcLimits limits() {
    return limits;
  }

  EventFeed feed() {
    return feed;
  }

  CommitIds commitIds() {
    return commitIds;
  }

  Admission admission() {
    return admission;
  }

  /** Runs what waits for others, so that nobody's requests wait behind it. */
  void runAside(Runnable work) {
    committers.execute(work);
  }

  /** Figures of a server. */
  public record Stats(int connections, long accepted, long refused) {}

  public Stats stats() {
    synchronized (connections) {
      return new Stats(connectionCount, accepted.get(), refused.get());
    }
  }

  private void accept() {
    while (!ending) {
      try {
        welcome(socket.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a connection was not accepted", e);
        pauseAfterFailure();
      }
    }
  }

  /** A failing accept, as when descriptors run out, does not turn into a busy loop. */
  private static void pauseAfterFailure() {
    try {
      TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    try {
      Peer peer = peers.of(channel);
      if (!reserve(peer)) {
        refuse(channel, peer);
        return;
      }
      ClientSession session = session(channel, peer);
      sessions.add(session);
      if (ending) {
        session.close(); // whoever ends all sessions may have missed it
        return;
      }
      accepted.incrementAndGet();
      try {
        thread(session::run, "client").start();
      } catch (OutOfMemoryError e) {
        session.close();
        throw new IOException("no thread for a connection", e);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private ClientSession session(SocketChannel channel, Peer peer) throws IOException {
    try {
      return new ClientSession(this, channel, peer);
    } catch (IOException | RuntimeException e) {
      release(peer);
      throw e;
    }
  }

  private boolean reserve(Peer peer) {
    synchronized (connections) {
      int mine = connections.getOrDefault(peer.uid(), 0);
      if (connectionCount >= limits.maxConnections() || mine >= limits.maxConnectionsPerUser()) {
        return false;
      }
      connections.put(peer.uid(), mine + 1);
      connectionCount++;
      return true;
    }
  }

  /** A session is over. */
  void release(ClientSession session, Peer peer) {
    sessions.remove(session);
    release(peer);
  }

  private void release(Peer peer) {
    synchronized (connections) {
      connections.merge(peer.uid(), -1, Integer::sum);
      connections.remove(peer.uid(), 0);
      connectionCount--;
    }
  }

  /** The socket's buffer is empty yet, so that one small frame does not wait. */
  private void refuse(SocketChannel channel, Peer peer) throws IOException {
    long times = refused.incrementAndGet();
    if (Long.bitCount(times) == 1) {
      LOG.log(
          System.Logger.Level.WARNING,
          "too many connections: {0} was refused, the {1}th so far",
          peer,
          times);
    }
    FrameWriter writer = new FrameWriter(256);
    IpcFailure.put(
        writer,
        0,
        new IpcException(IpcError.TOO_MANY_CONNECTIONS, "too many connections; close some"));
    try (channel) {
      channel.configureBlocking(false);
      ByteBuffer frame = writer.frames();
      channel.write(frame);
    }
  }

  private void watch() {
    while (!ending) {
      for (ClientSession session : sessions) {
        session.checkDeadlines();
      }
      pauseAfterFailure();
    }
  }

  /** Ends every connection; commits under way are finished. */
  @Override
  public void close() throws IOException {
    ending = true;
    socket.close();
    sessions.forEach(session -> session.condemn(IpcError.ENDING, "the server ends"));
    committers.shutdown();
    try {
      if (!committers.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a commit is still under way");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sessions.forEach(ClientSession::close);
    subscription.close();
    Files.deleteIfExists(path);
  }
}
