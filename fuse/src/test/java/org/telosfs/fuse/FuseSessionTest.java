package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.telosfs.fuse.ScriptedFuseChannel.Body;
import org.telosfs.fuse.ScriptedFuseChannel.Reply;
import org.telosfs.fuse.wire.CapturedRequests;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;
import org.telosfs.vfs.memory.MemoryFileSystem;

/**
 * A whole session over a scripted channel, on a memory tree. What is asked later may be answered
 * earlier, by another reader; so a test waits until it sees the effect of a request that nothing
 * answers.
 */
@Timeout(60)
class FuseSessionTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int OK = 0;

  private final ScriptedFuseChannel kernel = new ScriptedFuseChannel();
  private final CapturedRequests captured = new CapturedRequests();
  private final Observed tree = new Observed(true);
  private FuseSession session = start(tree);

  private FuseSession start(Observed served) {
    FuseSession started =
        new FuseSession(
            kernel, served, new FuseConfig(4, 1, 1 << 16, false, Duration.ofSeconds(5)));
    started.start();
    return started;
  }

  @AfterEach
  void everythingIsForgottenAndTheTreeStaysOpen() throws Exception {
    tree.gate.countDown();
    kernel.unmount();
    assertTrue(session.awaitEnded(Duration.ofSeconds(20)));
    assertTrue(kernel.isClosed());
    assertEquals(Map.of(), tree.owed, "lookups not given back");
    assertEquals(Set.of(), tree.open, "handles not released");
    assertEquals(0, session.stats().knownInodes());
    assertFalse(tree.closed);
  }

  /** Has requests served until the effect of an earlier one shows. */
  private void serveUntil(BooleanSupplier shows) throws InterruptedException {
    while (!shows.getAsBoolean()) {
      call(Opcode.STATFS, 1, new Body());
    }
  }

  private Reply call(Opcode opcode, long node, Body body) throws InterruptedException {
    long unique = kernel.request(opcode, node, body.build());
    Reply reply = kernel.reply();
    assertEquals(unique, reply.unique());
    return reply;
  }

  private long mkdir(String name) throws InterruptedException {
    Reply made = call(Opcode.MKDIR, 1, new Body().i32(0755).i32(0).name(name));
    assertEquals(OK, made.errno());
    return made.bodyLong(0);
  }

  private long mknod(String name) throws InterruptedException {
    Body body = new Body().i32(0100644).i32(0).i32(0).i32(0).name(name);
    Reply made = call(Opcode.MKNOD, 1, body);
    assertEquals(OK, made.errno());
    return made.bodyLong(0);
  }

  @Test
  void initAgreesWithTheKernel() throws Exception {
    kernel.raw(captured.of(Opcode.INIT));
    Reply reply = kernel.reply();
    assertEquals(64, reply.bodyBytes());
    assertEquals(7, reply.bodyInt(0));
    assertEquals(45, reply.bodyInt(4));
    assertEquals(1 << 16, reply.bodyInt(20));
    assertEquals(45, session.awaitInitialised(Duration.ofSeconds(5)).minor());
  }

  @Test
  void kernelThatIsTooOldIsRefused() throws Exception {
    byte[] init = captured.of(Opcode.INIT);
    init[44] = 19;
    kernel.raw(init);
    assertEquals(Errno.EPROTO.number(), kernel.reply().errno());
    FsException refusal =
        assertThrows(FsException.class, () -> session.awaitInitialised(Duration.ofSeconds(5)));
    assertTrue(refusal.getMessage().contains("7.19"), refusal.getMessage());
  }

  @Test
  void namesAndContentGoThrough() throws Exception {
    long file = mknod("file");
    Body write = new Body().i64(0).i64(0).i32(5).i32(0).i64(0).i64(0).data("hello".getBytes());
    assertEquals(5, call(Opcode.WRITE, file, write).bodyInt(0));
    Body read = new Body().i64(0).i64(1).i32(100).i32(0).i64(0).i64(0);
    assertEquals("ello", call(Opcode.READ, file, read).bodyText());
    assertEquals(file, call(Opcode.LOOKUP, 1, new Body().name("file")).bodyLong(0));
    assertEquals(5, call(Opcode.GETATTR, file, new Body().i64(0).i64(0)).bodyLong(16 + 8));
    assertEquals(OK, call(Opcode.UNLINK, 1, new Body().name("file")).errno());
    assertEquals(0, call(Opcode.LOOKUP, 1, new Body().name("file")).bodyLong(0), "negative entry");
  }

  @Test
  void attributesAreSetInTheFormThatWasAgreedOn() throws Exception {
    long file = mknod("file");
    Body unextended = new Body().i32(2).i32(0).name("user.a").data("v1".getBytes());
    assertEquals(OK, call(Opcode.SETXATTR, file, unextended).errno());
    kernel.raw(captured.of(Opcode.INIT));
    assertEquals(OK, kernel.reply().errno());
    Body extended = new Body().i32(2).i32(0).i32(0).i32(0).name("user.b").data("v2".getBytes());
    assertEquals(OK, call(Opcode.SETXATTR, file, extended).errno());
    for (String nameAndValue : Set.of("user.a=v1", "user.b=v2")) {
      String[] parts = nameAndValue.split("=", -1);
      Body get = new Body().i32(100).i32(0).name(parts[0]);
      assertEquals(parts[1], call(Opcode.GETXATTR, file, get).bodyText());
    }
  }

  @Test
  void listThatIsSetClearsSetgidIfTheKernelSaysSo() throws Exception {
    kernel.raw(captured.of(Opcode.INIT));
    assertEquals(OK, kernel.reply().errno());
    long file = mknod("file");
    PosixAcl list =
        PosixAcl.of(
            List.of(
                AclEntry.of(AclEntry.Tag.OWNER, 7),
                AclEntry.of(AclEntry.Tag.OWNING_GROUP, 5),
                AclEntry.of(AclEntry.Tag.OTHERS, 0)));
    AttributeChange setgid = AttributeChange.permissions(02644);
    for (int flags : new int[] {0, 1}) {
      tree.setattr(Caller.ROOT, new InodeNumber(file), setgid);
      byte[] value = list.encode();
      Body set = new Body().i32(value.length).i32(0).i32(flags).i32(0);
      set.name(AclKind.ACCESS.attribute().toString()).data(value);
      assertEquals(OK, call(Opcode.SETXATTR, file, set).errno());
      int expected = flags == 0 ? 02750 : 0750;
      assertEquals(
          expected, tree.getattr(Caller.ROOT, new InodeNumber(file)).permissions(), "" + flags);
    }
  }

  /** What the kernel leaves of its own request to clear set-id bits. */
  @Test
  void changeOfNothingClearsSetIdBitsOfTheCallersFiles() throws Exception {
    long mine = mknod("mine");
    long theirs = mknod("theirs");
    long directory = mkdir("directory");
    tree.setattr(Caller.ROOT, new InodeNumber(theirs), AttributeChange.owner(1001, null));
    for (long node : new long[] {mine, theirs, directory}) {
      tree.setattr(Caller.ROOT, new InodeNumber(node), AttributeChange.permissions(06755));
    }
    kernel.caller(1000);
    assertEquals(06755, changeOfNothing(mine));
    assertEquals(06755, changeOfNothing(theirs));
    kernel.caller(1001);
    assertEquals(0755, changeOfNothing(theirs));
    kernel.caller(0);
    assertEquals(0755, changeOfNothing(mine));
    assertEquals(06755, changeOfNothing(directory));
  }

  private int changeOfNothing(long node) throws Exception {
    Body nothing = new Body();
    for (int words = 0; words < 11; words++) {
      nothing.i64(0);
    }
    assertEquals(OK, call(Opcode.SETATTR, node, nothing).errno());
    return tree.getattr(Caller.ROOT, new InodeNumber(node)).permissions();
  }

  @Test
  void openIsAnsweredOnceWhereItKeepsNoState() throws Exception {
    int nosys = Errno.ENOSYS.number();
    assertEquals(nosys, call(Opcode.OPEN, 1, new Body().i64(0)).errno());
    assertEquals(nosys, call(Opcode.OPENDIR, 1, new Body().i64(0)).errno());
    Body create = new Body().i32(2).i32(0644).i32(0).i32(0).name("f");
    assertEquals(nosys, call(Opcode.CREATE, 1, create).errno());
    assertEquals(nosys, call(Opcode.FLUSH, 1, new Body()).errno());
    assertEquals(nosys, call(Opcode.ACCESS, 1, new Body().i64(0)).errno());
  }

  @Test
  void unknownOperationIsNotImplemented() throws Exception {
    byte[] request = captured.of(Opcode.STATFS);
    request[4] = 120;
    kernel.raw(request);
    assertEquals(Errno.ENOSYS.number(), kernel.reply().errno());
  }

  @Test
  void requestWithoutAHeaderIsDropped() throws Exception {
    kernel.raw(new byte[] {1, 2, 3});
    assertEquals(OK, call(Opcode.STATFS, 1, new Body()).errno());
  }

  @Test
  void requestShorterThanItsFieldsIsAnswered() throws Exception {
    assertEquals(Errno.EPROTO.number(), call(Opcode.READ, 1, new Body().i64(0)).errno());
    assertEquals(Errno.EPROTO.number(), call(Opcode.GETATTR, 0, new Body()).errno());
  }

  @Test
  void bugBecomesEioAndSessionLives() throws Exception {
    tree.bug = new IllegalStateException("made by the test");
    assertEquals(Errno.EIO.number(), call(Opcode.LOOKUP, 1, new Body().name("x")).errno());
    tree.bug = new StackOverflowError();
    assertEquals(Errno.EIO.number(), call(Opcode.LOOKUP, 1, new Body().name("x")).errno());
    tree.bug = null;
    assertEquals(2, session.stats().failed());
    assertEquals(0, call(Opcode.LOOKUP, 1, new Body().name("x")).bodyLong(0));
  }

  @Test
  void forgetsReachTheTree() throws Exception {
    long dir = mkdir("d");
    call(Opcode.LOOKUP, 1, new Body().name("d"));
    call(Opcode.LOOKUP, 1, new Body().name("d"));
    assertEquals(3L, tree.owed.get(dir));
    kernel.request(Opcode.FORGET, dir, new Body().i64(1).build());
    serveUntil(() -> tree.owed.get(dir) == 2);
    long other = mkdir("e");
    kernel.request(
        Opcode.BATCH_FORGET,
        0,
        new Body().i32(3).i32(0).i64(dir).i64(2).i64(other).i64(1).i64(1).i64(9).build());
    serveUntil(tree.owed::isEmpty);
  }

  @Test
  void forgetOfMoreThanWasGivenIsCutToThat() throws Exception {
    long dir = mkdir("d");
    kernel.request(Opcode.FORGET, dir, new Body().i64(1000).build());
    kernel.request(Opcode.FORGET, 999, new Body().i64(1).build());
    serveUntil(tree.owed::isEmpty);
  }

  @Test
  void whatNobodyReceivesIsTakenBack() throws Exception {
    mkdir("a");
    mkdir("b");
    Map<Long, Long> before = Map.copyOf(tree.owed);
    int given = tree.given.get();
    kernel.requestGivenUp(Opcode.LOOKUP, 1, new Body().name("a").build());
    kernel.requestGivenUp(Opcode.MKDIR, 1, new Body().i32(0755).i32(0).name("c").build());
    serveUntil(() -> tree.given.get() == given + 2 && tree.owed.equals(before));
    byte[] list = new Body().i64(0).i64(0).i32(4096).i32(0).i64(0).i64(0).build();
    kernel.requestGivenUp(Opcode.READDIRPLUS, 1, list);
    serveUntil(() -> tree.given.get() == given + 2 + 3 && tree.owed.equals(before));
  }

  @Test
  void brokenListingLeavesNoLookups() throws Exception {
    mkdir("a");
    Map<Long, Long> before = Map.copyOf(tree.owed);
    tree.breakListing = true;
    Body list = new Body().i64(0).i64(0).i32(4096).i32(0).i64(0).i64(0);
    assertEquals(Errno.EIO.number(), call(Opcode.READDIRPLUS, 1, list).errno());
    assertEquals(before, tree.owed);
  }

  @Test
  void handlerThatWaitsDoesNotHoldTheOthersUp() throws Exception {
    tree.gate = new CountDownLatch(1);
    long file = mknod("f");
    Body read = new Body().i64(0).i64(0).i32(10).i32(0).i64(0).i64(0);
    long waiting = kernel.request(Opcode.READ, file, read.build());
    assertTrue(tree.atGate.await(20, TimeUnit.SECONDS));
    assertEquals(OK, call(Opcode.STATFS, 1, new Body()).errno());
    assertTrue(session.stats().inFlight() >= 1);
    tree.gate.countDown();
    assertEquals(waiting, kernel.reply().unique());
  }

  @Test
  void readersAreBounded() throws Exception {
    tree.gate = new CountDownLatch(1);
    long file = mknod("f");
    Body read = new Body().i64(0).i64(0).i32(10).i32(0).i64(0).i64(0);
    for (int i = 0; i < 10; i++) {
      kernel.request(Opcode.READ, file, read.build());
    }
    while (tree.waiting.get() < 4) {
      Thread.onSpinWait();
    }
    assertEquals(4, session.stats().readers());
    tree.gate.countDown();
    Set<Long> answered = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      answered.add(kernel.reply().unique());
    }
    assertEquals(10, answered.size());
  }

  @Test
  void interruptOfWhatIsAnsweredAlreadyIsHarmless() throws Exception {
    long unique = kernel.request(Opcode.STATFS, 1, new byte[0]);
    kernel.reply();
    kernel.request(Opcode.INTERRUPT, 0, new Body().i64(unique).build());
    assertEquals(OK, call(Opcode.STATFS, 1, new Body()).errno());
  }

  @Test
  void interruptedCopyStopsShort() throws Exception {
    tree.gate = new CountDownLatch(1);
    long lengthBytes = 1L << 62; // slices for longer than the interrupt needs to arrive
    Body copy = new Body().i64(0).i64(0).i64(1).i64(0).i64(0).i64(lengthBytes).i64(0);
    long unique = kernel.request(Opcode.COPY_FILE_RANGE_64, 1, copy.build());
    assertTrue(tree.atGate.await(20, TimeUnit.SECONDS));
    kernel.request(Opcode.INTERRUPT, 0, new Body().i64(unique).build());
    tree.gate.countDown();
    Reply reply = kernel.reply();
    assertEquals(unique, reply.unique());
    assertTrue(reply.bodyLong(0) > 0);
    assertTrue(reply.bodyLong(0) < lengthBytes);
  }

  @Test
  void changesElsewhereReachTheKernel() throws Exception {
    long dir = mkdir("d");
    Thread changer =
        new Thread(
            () -> {
              tree.cache.entryChanged(new InodeNumber(dir), FileName.of("gone"));
              tree.cache.contentChanged(new InodeNumber(dir));
            });
    changer.start();
    Reply entry = kernel.reply();
    assertEquals(3, entry.code());
    assertEquals(0, entry.unique());
    assertEquals(dir, entry.bodyLong(0));
    Reply inode = kernel.reply();
    assertEquals(2, inode.code());
    changer.join();
  }

  @Test
  void nameInADirectoryThatTheKernelDoesNotKnowNeedsNoWord() {
    tree.cache.entryChanged(new InodeNumber(4711), FileName.of("x"));
    assertFalse(kernel.hasReply());
  }

  @Test
  void notificationWaitsForAnswersThatMayBeStale() throws Exception {
    long file = mknod("f");
    tree.gate = new CountDownLatch(1);
    Body read = new Body().i64(0).i64(0).i32(10).i32(0).i64(0).i64(0);
    long unique = kernel.request(Opcode.READ, file, read.build());
    assertTrue(tree.atGate.await(20, TimeUnit.SECONDS));
    Thread changer = new Thread(() -> tree.cache.contentChanged(new InodeNumber(file)));
    changer.start();
    assertEquals(OK, call(Opcode.STATFS, 1, new Body()).errno());
    assertFalse(kernel.hasReply());
    tree.gate.countDown();
    assertEquals(unique, kernel.reply().unique());
    assertEquals(2, kernel.reply().code());
    changer.join();
  }

  /** The session of a tree that keeps opens. */
  @Test
  void openHandlesAreReleasedWhenTheKernelIsGone() throws Exception {
    kernel.unmount();
    session.awaitEnded();
    Observed stateful = new Observed(false);
    session = start(stateful);
    long file = mknod("f");
    assertEquals(OK, call(Opcode.OPEN, file, new Body().i64(0)).errno());
    Reply second = call(Opcode.OPEN, file, new Body().i64(0));
    assertEquals(2, stateful.open.size());
    Body release = new Body().i64(second.bodyLong(0)).i64(0).i64(0);
    assertEquals(OK, call(Opcode.RELEASE, file, release).errno());
    assertEquals(1, stateful.open.size());
    int given = stateful.given.get();
    kernel.requestGivenUp(Opcode.OPEN, file, new Body().i64(0).build());
    // the one that nobody received is released
    serveUntil(() -> stateful.given.get() == given + 1 && stateful.open.size() == 1);
    kernel.unmount();
    session.awaitEnded();
    assertEquals(Set.of(), stateful.open);
    assertEquals(Map.of(), stateful.owed);
  }

  /** A memory tree that counts what it is owed, and can be told to wait or to fail. */
  private static final class Observed extends ForwardingFileSystem {
    final Map<Long, Long> owed = new ConcurrentHashMap<>();
    final Set<FileHandle> open = ConcurrentHashMap.newKeySet();
    final CountDownLatch atGate = new CountDownLatch(1);
    final AtomicInteger waiting = new AtomicInteger();

    /** How many lookups and opens were given away, counted when they are recorded. */
    final AtomicInteger given = new AtomicInteger();

    final AtomicInteger handles = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile Throwable bug;
    volatile boolean breakListing;
    volatile boolean closed;
    volatile CacheInvalidator cache;

    Observed(boolean stateless) {
      super(
          new MemoryFileSystem(
              InstantSource.system(),
              1 << 30,
              new FileSystemTraits("t", false, stateless, true, DAY, DAY, DAY)));
    }

    private Entry count(Entry entry) {
      owed.merge(entry.inode().value(), 1L, Long::sum);
      given.incrementAndGet();
      return entry;
    }

    @Override
    public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
      if (bug instanceof RuntimeException broken) {
        throw broken;
      }
      if (bug instanceof Error broken) {
        throw broken;
      }
      return count(super.lookup(caller, directory, name));
    }

    @Override
    public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
        throws FsException {
      return count(super.mkdir(caller, directory, name, permissions));
    }

    @Override
    public Entry mknod(
        Caller caller,
        InodeNumber directory,
        FileName name,
        org.telosfs.vfs.FileType type,
        int permissions,
        int device)
        throws FsException {
      return count(super.mknod(caller, directory, name, type, permissions, device));
    }

    @Override
    public void readdirplus(
        Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
        throws FsException {
      super.readdirplus(
          caller,
          directory,
          handle,
          cookie,
          (entry, looked) -> {
            boolean taken = sink.accept(entry, looked);
            if (taken && looked != null) {
              count(looked);
            }
            return taken;
          });
      if (breakListing) {
        throw new FsException(Errno.EIO);
      }
    }

    @Override
    public void forget(InodeNumber inode, long lookups) {
      owed.compute(inode.value(), (number, count) -> count - lookups == 0 ? null : count - lookups);
      super.forget(inode, lookups);
    }

    @Override
    public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) {
      FileHandle handle = new FileHandle(handles.incrementAndGet());
      open.add(handle);
      given.incrementAndGet();
      return Opened.cached(handle);
    }

    @Override
    public void release(InodeNumber inode, FileHandle handle) {
      assertTrue(open.remove(handle));
    }

    @Override
    public int read(
        Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
        throws FsException {
      waitAtGate();
      return super.read(caller, inode, handle, offsetBytes, into);
    }

    @Override
    public long copyRange(
        Caller caller,
        InodeNumber from,
        FileHandle fromHandle,
        long fromOffsetBytes,
        InodeNumber to,
        FileHandle toHandle,
        long toOffsetBytes,
        long lengthBytes) {
      waitAtGate();
      return lengthBytes;
    }

    private void waitAtGate() {
      waiting.incrementAndGet();
      atGate.countDown();
      try {
        gate.await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }

    @Override
    public void cachedBy(CacheInvalidator invalidator) {
      cache = invalidator;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
