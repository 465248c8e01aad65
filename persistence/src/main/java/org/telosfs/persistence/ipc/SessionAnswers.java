package org.telosfs.persistence.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/** Answers of the thread that handles requests, written together as long as requests come. */
final class SessionAnswers {
  /** Finished frames are written when they are this many bytes. */
  private static final int WRITE_BYTES = 96 * 1024;

  private static final int ANSWER_BYTES = 128 * 1024;

  private final SessionOutput output;
  private final FrameWriter writer = new FrameWriter(ANSWER_BYTES);

  SessionAnswers(SessionOutput output) {
    this.output = output;
  }

  /** Starts an answer; the caller puts its body and ends it. */
  FrameWriter start(int request) {
    return writer.start(MessageType.DONE, request);
  }

  /** For a whole frame. */
  FrameWriter writer() {
    return writer;
  }

  /** Has what is finished wait for whatever is sent next. */
  void leaveToNextWrite() {
    if (writer.bytes() > 0) {
      ByteBuffer finished = writer.frames();
      output.enqueue(ByteBuffer.allocate(finished.remaining()).put(finished).flip());
      writer.clear();
    }
  }

  /** An answer without a body. */
  void done(int request) {
    start(request).end();
  }

  /** Answers with the failure; what was put of the answer and not written is void. */
  void fail(int request, Exception failure) {
    writer.abandon();
    IpcFailure.put(writer, request, failure);
  }

  Listing list(int request) {
    return new Listing(request);
  }

  void objectIds(int request, Collection<ObjectId> ids) throws IOException {
    Listing list = list(request);
    for (ObjectId id : ids) {
      list.next(Long.BYTES).putLong(id.value());
    }
    list.end();
  }

  void transactionIds(int request, Collection<TransactionId> ids) throws IOException {
    Listing list = list(request);
    for (TransactionId id : ids) {
      list.next(Long.BYTES).putLong(id.epochNanos());
    }
    list.end();
  }

  /** Writes what is finished, unless the next request is here and more may come together. */
  void writeUnless(boolean moreRequests) throws IOException {
    if (writer.bytes() > 0 && (!moreRequests || writer.bytes() > WRITE_BYTES)) {
      write();
    }
  }

  private void write() throws IOException {
    output.write(writer.frames());
    writer.clear();
  }

  /** A list, in as many frames as it takes. */
  final class Listing {
    private final int request;
    private int count;
    private int countAt;
    private int start;

    private Listing(int request) {
      this.request = request;
      start();
    }

    private void start() {
      start = SessionAnswers.this.start(request).position();
      countAt = writer.position();
      writer.putInt(0);
      count = 0;
    }

    /** Makes room for an entry of so many bytes, which the caller puts into what is returned. */
    FrameWriter next(long bytes) throws IOException {
      if (count > 0 && writer.position() - start + bytes > WRITE_BYTES) {
        writer.setInt(countAt, count);
        writer.endWithMore();
        write();
        start();
      }
      count++;
      return writer;
    }

    void end() {
      writer.setInt(countAt, count);
      writer.end();
    }
  }
}
