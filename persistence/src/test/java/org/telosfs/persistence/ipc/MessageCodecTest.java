package org.telosfs.persistence.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

/** Every value that a frame carries comes back as it was; what is cut short or lies is refused. */
class MessageCodecTest {
  private static final ObjectId SOME = new ObjectId(7);
  private static final ObjectId OTHER = ObjectId.MAX;
  private static final TransactionId EARLY = new TransactionId(1);
  private static final TransactionId LATE = new TransactionId(Long.MAX_VALUE - 1);
  private static final ByteString STATE = ByteString.utf8("a state");

  /** Reads what was put. */
  private interface Get<T> {
    T from(ByteBuffer body) throws IpcException;
  }

  /** A value with its way to bytes and back. */
  private record Case<T>(String name, T value, BiConsumer<FrameWriter, T> put, Get<T> get) {
    ByteBuffer body() {
      FrameWriter writer = new FrameWriter(WireFormat.HEADER_BYTES);
      put.accept(writer, value);
      return writer.frames();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case<?>> values() {
    SortedMap<String, Optional<ObjectId>> roots = new TreeMap<>();
    roots.put("gone", Optional.empty());
    roots.put("\u00e4pple", Optional.of(SOME));
    TransactionMetadata said =
        TransactionMetadata.of("user", "why \u2713", Map.of("a", "1", "b", ""));
    Get<Revision> revision = body -> MessageCodec.getRevision(body, EARLY);
    return Stream.of(
        new Case<>("text", "a \u00fc \u2713", MessageCodec::putText, MessageCodec::getText),
        new Case<>("ids", List.of(SOME, OTHER), MessageCodec::putIds, MessageCodec::getIds),
        new Case<>(
            "transaction ids",
            List.of(EARLY, LATE),
            MessageCodec::putTransactionIds,
            MessageCodec::getTransactionIds),
        new Case<>(
            "revision",
            new Revision(SOME, LATE, STATE, List.of(OTHER, SOME), false),
            MessageCodec::putRevision,
            revision),
        new Case<>("deletion", Revision.deletion(SOME, EARLY), MessageCodec::putRevision, revision),
        new Case<>(
            "object",
            new ObjectPut(SOME, STATE, List.of(OTHER)),
            MessageCodec::putObject,
            MessageCodec::getObject),
        new Case<>("roots", roots, MessageCodec::putRoots, MessageCodec::getRoots),
        new Case<>("metadata", said, MessageCodec::putMetadata, MessageCodec::getMetadata),
        new Case<CommitOutcome>(
            "committed",
            new CommitOutcome.Committed(LATE, List.of(SOME)),
            MessageCodec::putOutcome,
            MessageCodec::getOutcome),
        new Case<CommitOutcome>(
            "conflicted",
            new CommitOutcome.Conflicted(List.of(SOME, OTHER)),
            MessageCodec::putOutcome,
            MessageCodec::getOutcome),
        new Case<UndoOutcome>(
            "undone", new UndoOutcome.Undone(LATE), MessageCodec::putUndo, MessageCodec::getUndo),
        new Case<UndoOutcome>(
            "undo refused",
            new UndoOutcome.Refused(
                List.of(new UndoOutcome.Obstacle(SOME, new TreeSet<>(List.of("x", "y")), LATE))),
            MessageCodec::putUndo,
            MessageCodec::getUndo),
        new Case<>(
            "range",
            new TransactionRange(EARLY, LATE, TransactionRange.Order.NEWEST_FIRST, 12),
            MessageCodec::putRange,
            MessageCodec::getRange),
        new Case<>(
            "transaction",
            new CommittedTransaction(LATE, said, List.of(SOME, OTHER)),
            MessageCodec::putTransaction,
            MessageCodec::getTransaction),
        new Case<>(
            "figures",
            new StoreStats(LATE, 1, 2, 3, 4, 5, 6, 7, 8, 9, Optional.of("a sync failed")),
            MessageCodec::putStats,
            MessageCodec::getStats));
  }

  @ParameterizedTest
  @MethodSource("values")
  <T> void comesBackAsItWas(Case<T> value) throws IpcException {
    ByteBuffer body = value.body();
    assertEquals(value.value(), value.get().from(body));
    MessageCodec.requireEnd(body);
  }

  @ParameterizedTest
  @MethodSource("values")
  <T> void cutShortAnywhereItIsRefused(Case<T> value) {
    ByteBuffer whole = value.body();
    for (int bytes = 0; bytes < whole.limit(); bytes++) {
      ByteBuffer cut = whole.slice(0, bytes);
      IpcException refused =
          assertThrows(IpcException.class, () -> value.get().from(cut), value + " of " + bytes);
      assertEquals(IpcError.MALFORMED, refused.error());
    }
  }

  /** Whatever four bytes claim to be a length or a count, nothing but a refusal comes of it. */
  @ParameterizedTest
  @MethodSource("values")
  <T> void whatLiesAboutItsLengthIsRefusedOrReadWithinItsBytes(Case<T> value) {
    for (int lie : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28}) {
      int limit = value.body().limit();
      for (int at = 0; at + Integer.BYTES <= limit; at++) {
        ByteBuffer body = ByteBuffer.allocate(limit).put(value.body()).flip().putInt(at, lie);
        try {
          value.get().from(body);
        } catch (IpcException e) {
          assertEquals(IpcError.MALFORMED, e.error());
        } catch (IllegalArgumentException e) {
          assertEquals(IpcError.INVALID, IpcFailure.errorOf(e));
        }
      }
    }
  }
}
