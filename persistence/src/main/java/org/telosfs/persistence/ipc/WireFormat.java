package org.telosfs.persistence.ipc;

import org.telosfs.persistence.Blob;

/**
 * The bytes of a frame, version 1. All numbers are big-endian; {@code docs/protocols/ipc.md} says
 * the same in prose, and what the bodies hold.
 *
 * <pre>
 *  offset size field
 *       0    4 bytes of the frame behind this field
 *       4    1 type
 *       5    1 flags: 1 = more frames of this answer follow
 *       6    2 zero
 *       8    4 request number, chosen by the client, repeated in the answer; 0 in a notice
 *      12      body
 * </pre>
 */
final class WireFormat {
  /** The first bytes of a client's first body. */
  static final long MAGIC = 0x54454C4F53495043L; // "TELOSIPC"

  /** The only version there is. */
  static final int VERSION = 1;

  /** Notices tell of every change of every object that may be seen, so that a cache is right. */
  static final long FEATURE_WHOLE_NOTICES = 1;

  /** Features of the connection that a client may ask for. */
  static final long FEATURES = FEATURE_WHOLE_NOTICES;

  static final int LENGTH_OFFSET = 0;
  static final int TYPE_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  static final int FLAGS_OFFSET = TYPE_OFFSET + Byte.BYTES;
  static final int ZERO_OFFSET = FLAGS_OFFSET + Byte.BYTES;
  static final int REQUEST_OFFSET = ZERO_OFFSET + Short.BYTES;
  static final int HEADER_BYTES = REQUEST_OFFSET + Integer.BYTES;

  /** What the length field of an empty body says. */
  static final int MIN_LENGTH = HEADER_BYTES - TYPE_OFFSET;

  static final int FLAG_MORE = 1;

  /** The view that shows the newest state at every request. */
  static final int NEWEST_VIEW = 0;

  /** A request for the newest state, where a transaction is asked for. */
  static final long NEWEST = Long.MAX_VALUE;

  static final int COMMIT_ID_BYTES = 16;

  /** A client's frame before the handshake is not longer. */
  static final int MAX_HELLO_BYTES = 16 * 1024;

  /** An empty call carries no more than this. */
  static final int MAX_PING_BYTES = 64;

  /** In the count of an object's references: a blob follows, and then the references. */
  static final int WITH_BLOB = 1 << 31;

  /** Id, transaction that linked it first, size, SHA-256. */
  static final int BLOB_BYTES = 4 * Long.BYTES + Blob.SHA256_BYTES;

  /** A client asks for no more of a blob at once. */
  static final int MAX_BLOB_READ_BYTES = 1 << 20;

  /** What this client sends and asks for at once. */
  static final int BLOB_FRAME_BYTES = 256 * 1024;

  private WireFormat() {}
}
