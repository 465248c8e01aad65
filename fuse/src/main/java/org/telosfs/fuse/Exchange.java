package org.telosfs.fuse;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.DataRequests;
import org.telosfs.fuse.wire.FuseWire;
import org.telosfs.fuse.wire.NameRequests;
import org.telosfs.fuse.wire.NodeRequests;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.fuse.wire.ReplyWriter;
import org.telosfs.fuse.wire.RequestView;
import org.telosfs.fuse.wire.SessionRequests;
import org.telosfs.fuse.wire.XattrRequests;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.InodeNumber;

/**
 * One request and its reply, with the buffers they lie in: what a reader thread owns and uses again
 * and again. Others may only ask {@link #serving}, {@link #interrupt} it and read its counts.
 */
final class Exchange {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int REFUSED = Opcode.LARGEST_NUMBER + 1;
  private static final int TOTAL = REFUSED + 1;

  /** Room for a structure beside the largest content. */
  private static final int OVERHEAD_BYTES = 8192;

  private final FuseChannel.Port port;
  private final RequestView request;
  private final NameRequests names;
  private final NodeRequests nodes;
  private final DataRequests data;
  private final XattrRequests xattrs;
  private final SessionRequests session;
  private final ReplyWriter reply;
  private final ContentPieces pieces = new ContentPieces();
  private final long[] counts = new long[TOTAL + 1];
  private volatile long serving;
  private volatile long interrupted;
  private volatile @Nullable Thread owner;
  private Caller lastCaller = Caller.ROOT;

  Exchange(FuseChannel channel, FileSystemTraits traits, int maxRequestBytes) {
    ByteBuffer in = ByteBuffer.allocateDirect(maxRequestBytes + OVERHEAD_BYTES);
    ByteBuffer out = ByteBuffer.allocateDirect(maxRequestBytes + OVERHEAD_BYTES);
    this.port = channel.port(in, out);
    this.request = new RequestView(in);
    this.names = new NameRequests(request);
    this.nodes = new NodeRequests(request);
    this.data = new DataRequests(request);
    this.xattrs = new XattrRequests(request);
    this.session = new SessionRequests(request);
    this.reply = new ReplyWriter(out, traits);
  }

  FuseChannel.Port port() {
    return port;
  }

  RequestView request() {
    return request;
  }

  NameRequests names() {
    return names;
  }

  NodeRequests nodes() {
    return nodes;
  }

  DataRequests data() {
    return data;
  }

  XattrRequests xattrs() {
    return xattrs;
  }

  SessionRequests session() {
    return session;
  }

  ReplyWriter reply() {
    return reply;
  }

  /** Answers a READ at once, with content that lies elsewhere. */
  void send(ContentPieces content) throws IOException {
    port.send(reply.endBeforeContent(content.totalBytes()), content);
  }

  /** For what is sent from elsewhere. */
  ContentPieces pieces() {
    return pieces;
  }

  /** A request has arrived. */
  void begin(int bytes) throws BadRequestException {
    request.received(bytes);
    serving = request.unique();
    reply.begin(request.unique());
    countOne(request.opcode().number());
    countOne(TOTAL);
  }

  /** It has been answered. */
  void end() {
    if (reply.errno() != 0 && reply.errno() != Errno.ENOENT.number()) {
      countOne(REFUSED);
    }
    serving = 0;
  }

  /** The inode it is about. */
  InodeNumber node() throws BadRequestException {
    return node(request.node());
  }

  /** An inode that the request names in its body. */
  InodeNumber node(long number) throws BadRequestException {
    if (number == 0) {
      throw new BadRequestException(request + " names inode 0");
    }
    return number == FuseWire.ROOT_NODE ? InodeNumber.ROOT : new InodeNumber(number);
  }

  /** Who asks, where no umask matters. */
  Caller caller() {
    return caller(0);
  }

  /** Who asks; mostly the same as last time. */
  Caller caller(int umask) {
    int uid = request.uid();
    int gid = request.gid();
    int pid = request.pid();
    Caller last = lastCaller;
    if (last.uid() != uid || last.gid() != gid || last.pid() != pid || last.umask() != umask) {
      last = new Caller(uid, gid, pid, umask);
      lastCaller = last;
    }
    return last;
  }

  /** The request being served, 0 for none. */
  long serving() {
    return serving;
  }

  /** Nobody wants to wait for {@code unique} any more; takes effect if it is being served. */
  void interrupt(long unique) {
    if (serving == unique) {
      interrupted = unique;
    }
  }

  /** True if nobody wants to wait for the request any more. */
  boolean isInterrupted() {
    return interrupted == serving;
  }

  /** The thread that now uses this, null for none. */
  @Nullable Thread owner() {
    return owner;
  }

  void ownedBy(@Nullable Thread thread) {
    owner = thread;
  }

  /** How many requests of this kind it has served. */
  long served(Opcode opcode) {
    return (long) COUNT.getOpaque(counts, opcode.number());
  }

  /** How many requests it has served. */
  long served() {
    return (long) COUNT.getOpaque(counts, TOTAL);
  }

  /** How many of them were refused. */
  long refused() {
    return (long) COUNT.getOpaque(counts, REFUSED);
  }

  /** Only the owner writes, so that this needs no atomic addition. */
  private void countOne(int index) {
    COUNT.setOpaque(counts, index, counts[index] + 1);
  }
}
