package org.telosfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.vfs.InodeNumber;

class HeldNodesTest {

  private static final ObjectId ID = new ObjectId(42);
  private static final ImageNode SLOT = new SlotFile(ObjectPlace.live(ID), "name");
  private static final ImageNode STATE =
      new ObjectFile(ObjectPlace.live(ID), ObjectFile.Part.STATE);

  private final HeldNodes nodes = new HeldNodes();

  @Test
  void numbersOfFixedPlacesAndObjectsTellThem() {
    List<ImageNode> places =
        List.of(
            new RootDirectory(),
            new ReadmeFile(),
            new StatsFile(),
            new ShardDirectory(0),
            new ShardDirectory(255),
            new ObjectDirectory(ID),
            STATE,
            new SlotsDirectory(ObjectPlace.live(ID)),
            new BlobFile(ObjectPlace.live(ID)),
            new HistoryDirectory(ID));
    for (ImageNode place : places) {
      assertEquals(Optional.of(place), nodes.node(nodes.number(place)), place.path());
    }
    assertEquals(InodeNumber.ROOT, nodes.number(new RootDirectory()));
    assertEquals(0, nodes.size());
  }

  @Test
  void numbersThatNobodyHasAreNoPlaces() {
    for (long number : new long[] {7, 14, 16, 27, 256 << 4 | 15, Long.MIN_VALUE, -1}) {
      assertEquals(Optional.empty(), nodes.node(new InodeNumber(number)));
    }
  }

  @Test
  void otherPlacesHaveTheSameNumberEachTimeAndAreKnownWhileLookedUp() {
    InodeNumber number = nodes.number(SLOT);
    assertEquals(Optional.empty(), nodes.node(number));
    assertEquals(number, nodes.hold(SLOT));
    assertEquals(number, nodes.hold(SLOT));
    nodes.forget(number, 1);
    assertEquals(Optional.of(SLOT), nodes.node(number));
    nodes.forget(number, 1);
    assertEquals(Optional.empty(), nodes.node(number));
    assertEquals(0, nodes.size());
  }

  @Test
  void revisionsAndTargetsHaveNumbersOfTheirOwn() {
    ObjectPlace past = new ObjectPlace(ID, new TransactionId(9));
    assertNotEquals(nodes.number(SLOT), nodes.number(new SlotFile(past, "name")));
    assertNotEquals(nodes.number(STATE), nodes.number(new ObjectFile(past, ObjectFile.Part.STATE)));
    assertNotEquals(
        nodes.number(new RootLink("r", ID)), nodes.number(new RootLink("r", new ObjectId(43))));
  }

  @Test
  void aChangeOfAnObjectConcernsWhatIsLookedUpOfItsNewestState() {
    InodeNumber slot = nodes.hold(SLOT);
    InodeNumber state = nodes.hold(STATE);
    InodeNumber past = nodes.hold(new RevisionDirectory(new ObjectPlace(ID, new TransactionId(9))));
    assertEquals(Set.of(SLOT, STATE), Set.copyOf(nodes.watching(ID)));
    assertTrue(nodes.holds(SLOT));
    nodes.forget(slot, 1);
    assertFalse(nodes.holds(SLOT));
    assertEquals(Set.of(STATE), Set.copyOf(nodes.watching(ID)));
    nodes.forget(state, 1);
    nodes.forget(past, 1);
    assertEquals(0, nodes.watching(ID).size());
  }
}
