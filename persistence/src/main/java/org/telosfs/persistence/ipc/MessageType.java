package org.telosfs.persistence.ipc;

import org.jspecify.annotations.Nullable;

/** What a frame is. Numbers are on the wire: never renumber, never use one again. */
enum MessageType {
  HELLO(0x01),
  PING(0x02),
  OPEN(0x03),
  BEGIN(0x04),
  CLOSE(0x05),
  GET(0x06),
  CHANGED_BY(0x07),
  IDS(0x08),
  ROOTS(0x09),
  PUT(0x0A),
  DELETE(0x0B),
  SET_ROOTS(0x0C),
  READ_CURRENT(0x0D),
  COMMIT(0x0E),
  OUTCOME(0x0F),
  NEW_IDS(0x10),
  HISTORY(0x11),
  REVISION(0x12),
  TRANSACTION_IDS(0x13),
  TRANSACTIONS(0x14),
  STATS(0x15),
  SUBSCRIBE(0x16),
  SAVEPOINT(0x17),
  ROLLBACK(0x18),
  UNDO(0x19),
  /** Answers a notice; is not answered itself. */
  SEEN(0x1A),
  PREFETCH(0x1B),
  BLOB_BEGIN(0x20),
  BLOB_WRITE(0x21),
  BLOB_FINISH(0x22),
  BLOB_OPEN(0x23),
  BLOB_OPEN_REVISION(0x24),
  BLOB_READ(0x25),
  BLOB_CLOSE(0x26),
  // 0x27 to 0x2F are kept for blobs, 0x30 to 0x37 for packing.
  /** Server to client: the answer to a request that was done. */
  DONE(0x80),
  /** Server to client: the answer to a request that was not. */
  FAILED(0x81),
  /** Server to client, unasked: somebody has committed. */
  COMMITTED(0x82);

  private final byte code;

  MessageType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  /** Whether it changes a transaction, whose number is the first thing in its body. */
  boolean changesTransaction() {
    return this == PUT
        || this == DELETE
        || this == SET_ROOTS
        || this == READ_CURRENT
        || this == ROLLBACK;
  }

  static @Nullable MessageType ofCode(byte code) {
    for (MessageType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
