package org.telosfs.fuse;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.FuseWire;
import org.telosfs.fuse.wire.InitAnswer;
import org.telosfs.fuse.wire.InitFlag;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.fuse.wire.SessionRequests;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * One mounted tree, from INIT to the end of the channel. At the end, whoever brought it about, what
 * is being served is answered, what is open is released, and what was looked up is forgotten; the
 * tree is not closed.
 */
public final class FuseSession {
  private static final System.Logger LOG = System.getLogger(FuseSession.class.getName());

  private final FuseChannel channel;
  private final VirtualFileSystem tree;
  private final FileSystemTraits traits;
  private final FuseConfig config;
  private final NodeLookups lookups;
  private final OpenHandles handles;
  private final InFlight inFlight;
  private final ErrnoTranslation errnos = new ErrnoTranslation();
  private final OperationDispatcher dispatcher;
  private final ReaderPool readers;
  private final GatheredSyncs syncs;
  private final KernelNotifier notifier;
  private final CompletableFuture<InitAnswer> initialised = new CompletableFuture<>();

  /** What the answer to INIT says, from when it is made until it is known to the kernel. */
  private volatile @Nullable InitAnswer agreed;

  private final CountDownLatch ended = new CountDownLatch(1);

  /** The session owns {@code channel} from {@link #start} on. */
  public FuseSession(FuseChannel channel, VirtualFileSystem tree, FuseConfig config) {
    this.channel = channel;
    this.tree = tree;
    this.config = config;
    this.traits = tree.traits();
    this.lookups = new NodeLookups(tree);
    this.handles = new OpenHandles(tree);
    this.inFlight = new InFlight(() -> new Exchange(channel, traits, config.maxRequestBytes()));
    this.dispatcher =
        new OperationDispatcher(
            tree, traits.statelessOpen(), lookups, handles, errnos, new Control());
    this.readers = new ReaderPool(inFlight, this::serve, this::finish, config);
    this.syncs = new GatheredSyncs(inFlight, readers, new Service());
    this.notifier = new KernelNotifier(channel, lookups, inFlight, config.invalidationDeadline());
  }

  /** Begins to serve. */
  public void start() {
    notifier.start();
    tree.cachedBy(notifier);
    readers.start();
  }

  /**
   * Waits until the kernel has agreed to begin, and has been told how.
   *
   * @throws FsException EPROTO if it speaks too old a protocol
   * @throws TimeoutException if it said nothing in time
   */
  public InitAnswer awaitInitialised(Duration deadline)
      throws FsException, TimeoutException, InterruptedException {
    try {
      return initialised.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof FsException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /** Waits for the end. */
  public void awaitEnded() throws InterruptedException {
    ended.await();
  }

  /** Waits for the end; false if it did not come in time. */
  public boolean awaitEnded(Duration deadline) throws InterruptedException {
    return ended.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** True when all is over. */
  public boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** What has been served so far. */
  public FuseStats stats() {
    Map<Opcode, Long> requests = new EnumMap<>(Opcode.class);
    for (Opcode opcode : Opcode.values()) {
      long count = inFlight.sum(exchange -> exchange.served(opcode));
      if (count > 0) {
        requests.put(opcode, count);
      }
    }
    return new FuseStats(
        requests,
        inFlight.sum(Exchange::refused),
        errnos.failures(),
        inFlight.size(),
        readers.size(),
        lookups.knownInodes());
  }

  private void serve(Exchange x, int bytes) throws IOException {
    if (!begin(x, bytes)) {
      return;
    }
    if (GatheredSyncs.isSync(x)) {
      syncs.answer(x);
    } else {
      answer(x);
    }
  }

  private static boolean begin(Exchange x, int bytes) {
    try {
      x.begin(bytes);
      return true;
    } catch (BadRequestException unreadable) { // not even a header: there is nobody to answer
      LOG.log(System.Logger.Level.ERROR, "dropped {0}", unreadable.getMessage());
      return false;
    }
  }

  private void answer(Exchange x) throws IOException {
    try {
      if (x.request().opcode().usuallyBlocks()) {
        readers.aboutToBlock();
      }
      dispatcher.serve(x);
      int reply = x.reply().end();
      if (reply > 0 && !x.port().send(reply)) {
        dispatcher.undelivered(x);
      }
      if (x.request().opcode() == Opcode.INIT) {
        kernelKnows();
      }
    } finally {
      x.end();
    }
  }

  /** Not before: what is set for the mount meanwhile, the kernel sets once more as it reads it. */
  private void kernelKnows() {
    InitAnswer answer = agreed;
    if (answer != null) {
      initialised.complete(answer);
    }
  }

  private final class Service implements GatheredSyncs.Service {
    @Override
    public boolean begin(Exchange x, int bytes) {
      return FuseSession.begin(x, bytes);
    }

    @Override
    public void answer(Exchange x) throws IOException {
      FuseSession.this.answer(x);
    }
  }

  /** Runs once, in the last thread that served. */
  private void finish() {
    try {
      LOG.log(System.Logger.Level.DEBUG, "session over: {0}", stats());
      tree.noLongerCachedBy(notifier);
      notifier.stop();
      handles.releaseAll();
      lookups.forgetAll();
      channel.close();
    } catch (IOException notClosed) {
      LOG.log(
          System.Logger.Level.WARNING, "the connection to the kernel was not closed", notClosed);
    } finally {
      initialised.completeExceptionally(new IllegalStateException("the session is over"));
      ended.countDown();
    }
  }

  /** INIT, INTERRUPT and DESTROY. */
  private final class Control implements OperationDispatcher.SessionControl {
    @Override
    public void init(Exchange x) throws FsException, BadRequestException {
      SessionRequests asked = x.session();
      int major = asked.initMajor();
      InitAnswer answer;
      try {
        answer =
            InitNegotiation.answer(
                major,
                asked.initMinor(),
                asked.initMaxReadaheadBytes(),
                asked.initFlags(),
                traits,
                config);
      } catch (FsException tooOld) {
        initialised.completeExceptionally(tooOld);
        throw tooOld;
      }
      dispatcher.agreed(answer);
      x.reply().init(answer);
      LOG.log(
          System.Logger.Level.DEBUG,
          "kernel speaks FUSE {0}.{1}, agreed on 7.{2} with {3}",
          major,
          asked.initMinor(),
          answer.minor(),
          InitFlag.of(answer.flags()));
      if (major == FuseWire.MAJOR) {
        agreed = answer;
      }
    }

    @Override
    public void interrupt(Exchange x) throws BadRequestException {
      x.reply().none();
      inFlight.interrupt(x.session().interruptedUnique());
    }

    @Override
    public void destroy(Exchange x) {
      LOG.log(System.Logger.Level.DEBUG, "the kernel says goodbye");
    }
  }
}
