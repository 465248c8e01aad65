package org.telosfs.persistence.ipc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreStats;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.UndoOutcome;

/**
 * Values to bytes and back, without any I/O. What reads is given bytes that anybody may have
 * written: every count and length is held against the bytes that are there before anything is made
 * of it, and what is wrong is an {@link IpcException} of {@link IpcError#MALFORMED}.
 */
final class MessageCodec {
  /** Object, transaction, length of the body. */
  static final int ENTRY_HEADER_BYTES = 2 * Long.BYTES + Integer.BYTES;

  /** What the length of a deleted revision's body says. */
  static final int DELETED = -1;

  private static final int COMMITTED = 0;
  private static final int CONFLICTED = 1;
  private static final int OLDEST_FIRST = 0;
  private static final int NEWEST_FIRST = 1;

  private MessageCodec() {}

  static IpcException malformed(String what) {
    return new IpcException(IpcError.MALFORMED, what);
  }

  private static void require(ByteBuffer from, long bytes) throws IpcException {
    if (bytes < 0 || from.remaining() < bytes) {
      throw malformed(bytes + " bytes were announced and " + from.remaining() + " are there");
    }
  }

  static void requireEnd(ByteBuffer from) throws IpcException {
    if (from.hasRemaining()) {
      throw malformed(from.remaining() + " bytes too many");
    }
  }

  static byte getByte(ByteBuffer from) throws IpcException {
    require(from, Byte.BYTES);
    return from.get();
  }

  static int getShort(ByteBuffer from) throws IpcException {
    require(from, Short.BYTES);
    return Short.toUnsignedInt(from.getShort());
  }

  static int getInt(ByteBuffer from) throws IpcException {
    require(from, Integer.BYTES);
    return from.getInt();
  }

  static long getLong(ByteBuffer from) throws IpcException {
    require(from, Long.BYTES);
    return from.getLong();
  }

  /** A count of things that take at least so many bytes each. */
  static int getCount(ByteBuffer from, int bytesEach) throws IpcException {
    int count = getInt(from);
    require(from, count < 0 ? -1 : (long) count * bytesEach);
    return count;
  }

  static byte[] getBytes(ByteBuffer from, int length) throws IpcException {
    require(from, length);
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  static void putText(FrameWriter into, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    into.putInt(utf8.length).putBytes(utf8);
  }

  static String getText(ByteBuffer from) throws IpcException {
    int length = getInt(from);
    require(from, length);
    if (length > TransactionMetadata.MAX_TEXT_BYTES) {
      throw malformed("a text of " + length + " bytes");
    }
    ByteBuffer utf8 = from.slice(from.position(), length);
    from.position(from.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new IpcException(IpcError.MALFORMED, "a text that is not UTF-8", e);
    }
  }

  static ObjectId objectId(long value) throws IpcException {
    if (value <= 0) {
      throw malformed("object id " + value);
    }
    return new ObjectId(value);
  }

  static ObjectId getObjectId(ByteBuffer from) throws IpcException {
    return objectId(getLong(from));
  }

  static TransactionId getTransactionId(ByteBuffer from) throws IpcException {
    long value = getLong(from);
    if (value < 0) {
      throw malformed("transaction id " + value);
    }
    return new TransactionId(value);
  }

  static void putIds(FrameWriter into, Collection<ObjectId> ids) {
    into.putInt(ids.size());
    ids.forEach(id -> into.putLong(id.value()));
  }

  static List<ObjectId> getIds(ByteBuffer from) throws IpcException {
    int count = getCount(from, Long.BYTES);
    List<ObjectId> ids = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      ids.add(objectId(from.getLong()));
    }
    return ids;
  }

  static void putTransactionIds(FrameWriter into, Collection<TransactionId> ids) {
    into.putInt(ids.size());
    ids.forEach(id -> into.putLong(id.epochNanos()));
  }

  static List<TransactionId> getTransactionIds(ByteBuffer from) throws IpcException {
    int count = getCount(from, Long.BYTES);
    List<TransactionId> ids = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      ids.add(getTransactionId(from));
    }
    return ids;
  }

  /** How many bytes {@link #putRevision} takes. */
  static long sizeBytes(Revision revision) {
    return ENTRY_HEADER_BYTES
        + (revision.blob().isPresent() ? WireFormat.BLOB_BYTES : 0)
        + Integer.BYTES
        + (long) Long.BYTES * revision.references().size()
        + revision.state().size();
  }

  static void putRevision(FrameWriter into, Revision revision) {
    ByteBuffer room = into.room(Math.toIntExact(sizeBytes(revision)));
    room.putLong(revision.id().value()).putLong(revision.transaction().epochNanos());
    if (revision.deleted()) {
      room.putInt(DELETED);
    } else {
      putBody(room, revision.references(), revision.state(), revision.blob());
    }
  }

  static void putObject(FrameWriter into, ObjectPut put) {
    int bodyBytes =
        (put.blob().isPresent() ? WireFormat.BLOB_BYTES : 0)
            + Integer.BYTES
            + Long.BYTES * put.references().size()
            + put.state().size();
    ByteBuffer room = into.room(Long.BYTES + Integer.BYTES + bodyBytes);
    room.putLong(put.id().value());
    putBody(room, put.references(), put.state(), put.blob());
  }

  private static void putBody(
      ByteBuffer into, List<ObjectId> references, ByteString state, Optional<Blob> blob) {
    int bodyBytes = Integer.BYTES + Long.BYTES * references.size() + state.size();
    if (blob.isEmpty()) {
      into.putInt(bodyBytes).putInt(references.size());
    } else {
      into.putInt(bodyBytes + WireFormat.BLOB_BYTES);
      into.putInt(references.size() | WireFormat.WITH_BLOB);
      putBlob(into, blob.get());
    }
    for (int at = 0; at < references.size(); at++) {
      into.putLong(references.get(at).value());
    }
    state.putInto(into);
  }

  /**
   * @param last the transaction of the entry before, which is mostly the same
   */
  static Revision getRevision(ByteBuffer from, TransactionId last) throws IpcException {
    require(from, ENTRY_HEADER_BYTES);
    ObjectId id = objectId(from.getLong());
    long epochNanos = from.getLong();
    if (epochNanos < 0) {
      throw malformed("transaction id " + epochNanos);
    }
    TransactionId transaction =
        epochNanos == last.epochNanos() ? last : new TransactionId(epochNanos);
    int bodyBytes = from.getInt();
    if (bodyBytes == DELETED) {
      return Revision.deletion(id, transaction);
    }
    require(from, bodyBytes);
    int end = from.position() + bodyBytes;
    int count = getReferenceCount(from, bodyBytes);
    Optional<Blob> blob = count < 0 ? Optional.of(getBlob(from)) : Optional.empty();
    List<ObjectId> references = getReferences(from, count & ~WireFormat.WITH_BLOB, end);
    return new Revision(id, transaction, getState(from, end), references, false, blob);
  }

  static ObjectPut getObject(ByteBuffer from) throws IpcException {
    ObjectId id = getObjectId(from);
    int bodyBytes = getInt(from);
    require(from, bodyBytes);
    int end = from.position() + bodyBytes;
    int count = getReferenceCount(from, bodyBytes);
    Optional<Blob> blob = count < 0 ? Optional.of(getBlob(from)) : Optional.empty();
    List<ObjectId> references = getReferences(from, count & ~WireFormat.WITH_BLOB, end);
    return new ObjectPut(id, getState(from, end), references, blob);
  }

  static void putBlob(FrameWriter into, Blob blob) {
    putBlob(into.room(WireFormat.BLOB_BYTES), blob);
  }

  private static void putBlob(ByteBuffer into, Blob blob) {
    into.putLong(blob.id().getMostSignificantBits())
        .putLong(blob.id().getLeastSignificantBits())
        .putLong(blob.transaction().epochNanos())
        .putLong(blob.sizeBytes());
    blob.sha256().putInto(into);
  }

  static Blob getBlob(ByteBuffer from) throws IpcException {
    require(from, WireFormat.BLOB_BYTES);
    UUID id = new UUID(from.getLong(), from.getLong());
    TransactionId transaction = getTransactionId(from);
    long size = from.getLong();
    if (size < 0 || size > Blob.MAX_BYTES) {
      throw malformed("a blob of " + size + " bytes");
    }
    ByteString sha256 = ByteString.copyOf(getBytes(from, Blob.SHA256_BYTES));
    return new Blob(id, transaction, size, sha256);
  }

  /** How many references a body of so many bytes has, and whether a blob. */
  private static int getReferenceCount(ByteBuffer from, int bodyBytes) throws IpcException {
    if (bodyBytes < Integer.BYTES) {
      throw malformed("a state of " + bodyBytes + " bytes");
    }
    int count = from.getInt();
    if (count < 0 && bodyBytes < Integer.BYTES + WireFormat.BLOB_BYTES) {
      throw malformed("a blob in " + bodyBytes + " bytes");
    }
    return count;
  }

  private static List<ObjectId> getReferences(ByteBuffer from, int count, int end)
      throws IpcException {
    if (count == 0) {
      return List.of();
    }
    if (count > (end - from.position()) / Long.BYTES) {
      throw malformed(count + " references in " + (end - from.position()) + " bytes");
    }
    List<ObjectId> references = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      references.add(objectId(from.getLong()));
    }
    return references;
  }

  private static ByteString getState(ByteBuffer from, int end) {
    ByteString state = ByteString.copyOf(from.slice(from.position(), end - from.position()));
    from.position(end);
    return state;
  }

  static void putRoots(FrameWriter into, Map<String, Optional<ObjectId>> roots) {
    into.putInt(roots.size());
    roots.forEach(
        (name, id) -> {
          putText(into, name);
          into.putLong(id.map(ObjectId::value).orElse(0L));
        });
  }

  /** Targets by name; empty where the number is 0. */
  static SortedMap<String, Optional<ObjectId>> getRoots(ByteBuffer from) throws IpcException {
    int count = getCount(from, Integer.BYTES + Long.BYTES);
    SortedMap<String, Optional<ObjectId>> roots = new TreeMap<>();
    for (int at = 0; at < count; at++) {
      String name = getText(from);
      long id = getLong(from);
      roots.put(name, id == 0 ? Optional.empty() : Optional.of(objectId(id)));
    }
    return roots;
  }

  static void putMetadata(FrameWriter into, TransactionMetadata metadata) {
    putText(into, metadata.user());
    putText(into, metadata.description());
    into.putInt(metadata.extension().size());
    metadata
        .extension()
        .forEach(
            (name, value) -> {
              putText(into, name);
              putText(into, value);
            });
  }

  static TransactionMetadata getMetadata(ByteBuffer from) throws IpcException {
    String user = getText(from);
    String description = getText(from);
    int entries = getCount(from, 2 * Integer.BYTES);
    if (entries > TransactionMetadata.MAX_EXTENSIONS) {
      throw malformed(entries + " extension entries");
    }
    SortedMap<String, String> extension = new TreeMap<>();
    for (int entry = 0; entry < entries; entry++) {
      extension.put(getText(from), getText(from));
    }
    return new TransactionMetadata(user, description, extension);
  }

  static void putOutcome(FrameWriter into, CommitOutcome outcome) {
    if (outcome instanceof CommitOutcome.Conflicted conflicted) {
      into.putByte(CONFLICTED);
      putIds(into, conflicted.objects());
    } else if (outcome instanceof CommitOutcome.Committed committed) {
      into.putByte(COMMITTED).putLong(committed.id().epochNanos());
      putIds(into, committed.merged());
    }
  }

  static CommitOutcome getOutcome(ByteBuffer from) throws IpcException {
    int kind = getByte(from);
    return switch (kind) {
      case COMMITTED -> new CommitOutcome.Committed(getTransactionId(from), getIds(from));
      case CONFLICTED -> new CommitOutcome.Conflicted(getIds(from));
      default -> throw malformed("a commit's outcome is " + kind);
    };
  }

  static void putUndo(FrameWriter into, UndoOutcome outcome) {
    if (outcome instanceof UndoOutcome.Refused refused) {
      into.putByte(CONFLICTED).putInt(refused.obstacles().size());
      for (UndoOutcome.Obstacle obstacle : refused.obstacles()) {
        into.putLong(obstacle.object().value())
            .putLong(obstacle.later().epochNanos())
            .putInt(obstacle.roots().size());
        obstacle.roots().forEach(name -> putText(into, name));
      }
    } else if (outcome instanceof UndoOutcome.Undone undone) {
      into.putByte(COMMITTED).putLong(undone.id().epochNanos());
    }
  }

  static UndoOutcome getUndo(ByteBuffer from) throws IpcException {
    int kind = getByte(from);
    return switch (kind) {
      case COMMITTED -> new UndoOutcome.Undone(getTransactionId(from));
      case CONFLICTED -> new UndoOutcome.Refused(getObstacles(from));
      default -> throw malformed("an undo's outcome is " + kind);
    };
  }

  private static List<UndoOutcome.Obstacle> getObstacles(ByteBuffer from) throws IpcException {
    int count = getCount(from, 2 * Long.BYTES + Integer.BYTES);
    List<UndoOutcome.Obstacle> obstacles = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      ObjectId object = getObjectId(from);
      TransactionId later = getTransactionId(from);
      int names = getCount(from, Integer.BYTES);
      SortedSet<String> roots = new TreeSet<>();
      for (int name = 0; name < names; name++) {
        roots.add(getText(from));
      }
      obstacles.add(new UndoOutcome.Obstacle(object, roots, later));
    }
    return obstacles;
  }

  static void putRange(FrameWriter into, TransactionRange range) {
    into.putLong(range.oldest().epochNanos())
        .putLong(range.newest().epochNanos())
        .putByte(range.order() == TransactionRange.Order.OLDEST_FIRST ? OLDEST_FIRST : NEWEST_FIRST)
        .putInt(range.limit());
  }

  static TransactionRange getRange(ByteBuffer from) throws IpcException {
    TransactionId oldest = getTransactionId(from);
    TransactionId newest = getTransactionId(from);
    int order = getByte(from);
    int limit = getInt(from);
    if ((order != OLDEST_FIRST && order != NEWEST_FIRST) || limit < 0) {
      throw malformed("a range of order " + order + " and limit " + limit);
    }
    return new TransactionRange(
        oldest,
        newest,
        order == OLDEST_FIRST
            ? TransactionRange.Order.OLDEST_FIRST
            : TransactionRange.Order.NEWEST_FIRST,
        limit);
  }

  static void putTransaction(FrameWriter into, CommittedTransaction transaction) {
    into.putLong(transaction.id().epochNanos());
    putMetadata(into, transaction.metadata());
    putIds(into, transaction.objects());
  }

  static CommittedTransaction getTransaction(ByteBuffer from) throws IpcException {
    return new CommittedTransaction(getTransactionId(from), getMetadata(from), getIds(from));
  }

  static void putStats(FrameWriter into, StoreStats stats) {
    into.putLong(stats.newest().epochNanos())
        .putLong(stats.objects())
        .putLong(stats.revisions())
        .putLong(stats.transactions())
        .putInt(stats.segments())
        .putLong(stats.logBytes())
        .putLong(stats.indexBytes())
        .putLong(stats.commits())
        .putLong(stats.syncs())
        .putLong(stats.tornBytesCut())
        .putByte(stats.writingEnded().isPresent() ? 1 : 0);
    putText(into, stats.writingEnded().orElse(""));
  }

  static StoreStats getStats(ByteBuffer from) throws IpcException {
    TransactionId newest = getTransactionId(from);
    long objects = getLong(from);
    long revisions = getLong(from);
    long transactions = getLong(from);
    int segments = getInt(from);
    long logBytes = getLong(from);
    long indexBytes = getLong(from);
    long commits = getLong(from);
    long syncs = getLong(from);
    long tornBytesCut = getLong(from);
    boolean ended = getByte(from) != 0;
    String reason = getText(from);
    return new StoreStats(
        newest,
        objects,
        revisions,
        transactions,
        segments,
        logBytes,
        indexBytes,
        commits,
        syncs,
        tornBytesCut,
        ended ? Optional.of(reason) : Optional.empty());
  }
}
