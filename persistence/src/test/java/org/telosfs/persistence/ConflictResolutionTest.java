package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.resolve.Resolvers;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

class ConflictResolutionTest {

  private static final SlotValue A = SlotValue.of("a");
  private static final SlotValue B = SlotValue.of("b");
  private static final SlotValue C = SlotValue.of("c");

  private LocalObjectStore store;

  @BeforeEach
  void createStore() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    Resolvers resolvers =
        Resolvers.BUILT_IN
            .with(
                "broken",
                (base, committed, own) -> {
                  throw new IllegalStateException("a resolver's fault");
                })
            .with("recursive", ConflictResolutionTest::recurse)
            .with("own", (base, committed, own) -> Optional.of(own));
    store = LocalObjectStore.open(directory, StoreConfig.DEFAULT.withResolvers(resolvers));
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  @Test
  void countersAddUp() throws IOException {
    ObjectId counter = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(10));
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      add(first, counter, 5);
      add(second, counter, -3);
      assertEquals(List.of(), committed(first).merged());
      assertEquals(List.of(counter), committed(second).merged());
    }
    assertEquals(Optional.of(SlotValue.of(12)), slot(counter, "count"));
  }

  @Test
  void aCounterThatWouldOverflowIsAConflict() throws IOException {
    ObjectId counter = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(0));
    long half = Long.MAX_VALUE / 2 + 1;
    assertConflict(counter, "count", value -> SlotValue.of(half), value -> SlotValue.of(half));
    BigInteger large = BigInteger.TWO.pow(100);
    ObjectId free = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(BigInteger.ZERO));
    UnaryOperator<SlotValue> add = value -> SlotValue.of(large);
    assertMerged(free, "count", add, add, SlotValue.of(large.multiply(BigInteger.TWO)));
  }

  @Test
  void setsTakeWhatBothAddedAndLoseWhatEitherTook() throws IOException {
    ObjectId set = object(prototype(Resolvers.SET), "members", list(A, B));
    assertMerged(
        set,
        "members",
        value -> list(B, C),
        value -> list(A, B, SlotValue.of(1)),
        list(B, C, SlotValue.of(1)));
  }

  @Test
  void listsAreAppendedToAndNothingElse() throws IOException {
    ObjectId list = object(prototype(Resolvers.APPEND_ONLY_LIST), "log", list(A));
    assertMerged(list, "log", value -> list(A, B), value -> list(A, B, C), list(A, B, B, C));
    assertConflict(list, "log", value -> list(A), value -> list(A, B, B, C, A));
  }

  @Test
  void slotsThatOnlyOneHasChangedAreTakenFromThere() throws IOException {
    ObjectId object = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(0));
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      change(first, object, state -> state.toBuilder().slot("left", A).build());
      change(second, object, state -> state.toBuilder().slot("right", B).build());
      committed(first);
      committed(second);
    }
    assertEquals(Optional.of(A), slot(object, "left"));
    assertEquals(Optional.of(B), slot(object, "right"));
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      change(first, object, state -> state.toBuilder().remove("left").build());
      change(second, object, state -> state.toBuilder().slot("left", C).build());
      committed(first);
      assertInstanceOf(CommitOutcome.Conflicted.class, commit(second));
    }
  }

  @Test
  void referencesAreThoseOfTheMergedState() throws IOException {
    ObjectId prototype = prototype(Resolvers.SET);
    ObjectId x = object(prototype, "members", list());
    ObjectId y = object(prototype, "members", list());
    ObjectId set = object(prototype, "members", list());
    assertMerged(
        set,
        "members",
        value -> list(SlotValue.of(x)),
        value -> list(SlotValue.of(y)),
        list(SlotValue.of(x), SlotValue.of(y)));
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertEquals(List.of(prototype, x, y), snapshot.get(set).orElseThrow().references());
    }
  }

  @Test
  void aPrototypeInheritsItsResolverAndMayHideIt() throws IOException {
    ObjectId parent = prototype(Resolvers.COUNTER);
    ObjectId child = object(parent, "name", A);
    ObjectId hiding = object(parent, Resolvers.SLOT, SlotValue.NULL);
    UnaryOperator<SlotValue> one = value -> SlotValue.of(1);
    assertMerged(object(child, "count", SlotValue.of(0)), "count", one, one, SlotValue.of(2));
    assertConflict(object(hiding, "count", SlotValue.of(0)), "count", one, one);
  }

  @Test
  void withoutAResolverThatMergesThereIsAConflict() throws IOException {
    UnaryOperator<SlotValue> one = value -> SlotValue.of(1);
    for (String name : List.of("broken", "recursive", "unknown", Resolvers.SET)) {
      ObjectId object = object(prototype(name), "count", SlotValue.of(0));
      assertConflict(object, "count", one, one);
    }
    ObjectId lonely = put(ObjectState.builder().slot("count", 0).build());
    assertConflict(lonely, "count", one, one);
    ObjectId circular = store.newIds(1).get(0);
    put(circular, ObjectState.builder().prototype(circular).slot("count", 0).build());
    assertConflict(circular, "count", one, one);
    assertEquals(Optional.empty(), store.stats().writingEnded());
  }

  @Test
  void whatWasDeletedOrMustBeCurrentIsNeverMerged() throws IOException {
    ObjectId counter = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(0));
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin();
        StoreTransaction third = store.begin()) {
      add(first, counter, 1);
      add(second, counter, 1);
      second.readCurrent(List.of(counter));
      third.delete(counter);
      committed(first);
      assertInstanceOf(CommitOutcome.Conflicted.class, commit(second));
      assertInstanceOf(CommitOutcome.Conflicted.class, commit(third));
    }
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      first.delete(counter);
      add(second, counter, 1);
      committed(first);
      assertInstanceOf(CommitOutcome.Conflicted.class, commit(second));
    }
  }

  @Test
  void aResolverOfTheConfigurationIsUsed() throws IOException {
    ObjectId object = object(prototype("own"), "value", A);
    assertMerged(object, "value", value -> B, value -> C, C);
  }

  @Test
  void noIncrementOfManyThreadsIsLostAndNoneConflicts() throws Exception {
    int threads = 8;
    int increments = 200;
    ObjectId counter = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(0));
    ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    List<Thread> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      running.add(
          new Thread(
              () -> {
                try {
                  for (int done = 0; done < increments; done++) {
                    try (StoreTransaction transaction = store.begin()) {
                      add(transaction, counter, 1);
                      committed(transaction);
                    }
                  }
                } catch (IOException | RuntimeException e) {
                  failures.add(e);
                }
              }));
    }
    running.forEach(Thread::start);
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(failures));
    assertEquals(Optional.of(SlotValue.of(threads * increments)), slot(counter, "count"));
  }

  @Test
  void aMergeableChangeIsUndoneFromUnderLaterOnes() throws IOException {
    ObjectId counter = object(prototype(Resolvers.COUNTER), "count", SlotValue.of(1));
    TransactionId five;
    try (StoreTransaction transaction = store.begin()) {
      add(transaction, counter, 5);
      five = committed(transaction).id();
    }
    try (StoreTransaction transaction = store.begin()) {
      add(transaction, counter, 10);
      committed(transaction);
    }
    store.undo(List.of(five), TransactionMetadata.NONE).orThrow();
    assertEquals(Optional.of(SlotValue.of(11)), slot(counter, "count"));
  }

  private static Optional<ObjectState> recurse(
      ObjectState base, ObjectState committed, ObjectState own) {
    return recurse(own, base, committed).map(state -> state.toBuilder().build());
  }

  private void assertMerged(
      ObjectId object,
      String slot,
      UnaryOperator<SlotValue> one,
      UnaryOperator<SlotValue> other,
      SlotValue expected)
      throws IOException {
    assertEquals(
        List.of(object), ((CommitOutcome.Committed) both(object, slot, one, other)).merged());
    assertEquals(Optional.of(expected), slot(object, slot));
  }

  private void assertConflict(
      ObjectId object, String slot, UnaryOperator<SlotValue> one, UnaryOperator<SlotValue> other)
      throws IOException {
    assertEquals(new CommitOutcome.Conflicted(List.of(object)), both(object, slot, one, other));
  }

  /** How the second of two transactions ends that change one slot. */
  private CommitOutcome both(
      ObjectId object, String slot, UnaryOperator<SlotValue> one, UnaryOperator<SlotValue> other)
      throws IOException {
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      change(first, object, state -> changed(state, slot, one));
      change(second, object, state -> changed(state, slot, other));
      committed(first);
      return commit(second);
    }
  }

  private static ObjectState changed(
      ObjectState state, String slot, UnaryOperator<SlotValue> change) {
    return state.toBuilder().slot(slot, change.apply(state.slot(slot).orElseThrow())).build();
  }

  private static void add(StoreTransaction transaction, ObjectId counter, long difference)
      throws IOException {
    change(
        transaction,
        counter,
        state ->
            changed(
                state,
                "count",
                value -> SlotValue.of(((SlotValue.Int64) value).value() + difference)));
  }

  private static void change(
      StoreTransaction transaction, ObjectId id, UnaryOperator<ObjectState> change)
      throws IOException {
    ObjectState state = StateCodec.decode(transaction.get(id).orElseThrow().state());
    transaction.put(StateCodec.put(id, change.apply(state)));
  }

  private static CommitOutcome commit(StoreTransaction transaction) throws IOException {
    return transaction.commit(TransactionMetadata.NONE);
  }

  private static CommitOutcome.Committed committed(StoreTransaction transaction)
      throws IOException {
    return assertInstanceOf(CommitOutcome.Committed.class, commit(transaction));
  }

  private static SlotValue list(SlotValue... elements) {
    return SlotValue.of(List.of(elements));
  }

  private ObjectId prototype(String resolver) throws IOException {
    return put(ObjectState.builder().slot(Resolvers.SLOT, resolver).build());
  }

  private ObjectId object(ObjectId prototype, String slot, SlotValue value) throws IOException {
    return put(ObjectState.builder().prototype(prototype).slot(slot, value).build());
  }

  private ObjectId put(ObjectState state) throws IOException {
    ObjectId id = store.newIds(1).get(0);
    put(id, state);
    return id;
  }

  private void put(ObjectId id, ObjectState state) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(StateCodec.put(id, state));
      committed(transaction);
    }
  }

  private Optional<SlotValue> slot(ObjectId id, String name) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return StateCodec.decode(snapshot.get(id).orElseThrow().state()).slot(name);
    }
  }
}
