package org.telosfs.block.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.BlockChecksums;

class JournalScannerTest {
  private final JournalFixture ring = new JournalFixture();

  @Test
  void emptyRingHasNoGroups() throws IOException {
    assertEquals(List.of(), ring.replayed());
  }

  @Test
  void groupsComeBackInOrder() throws IOException {
    ring.commit("a", "b", "c");
    assertEquals(List.of("a", "b", "c"), ring.replayed());
    assertEquals(3, ring.scan(new ArrayList<>()).sequence());
  }

  @Test
  void allRecordsOfAGroupComeBackInOrder() throws IOException {
    JournalSink group = ring.journal.openGroup();
    group.put(JournalFixture.bytes("a"), new byte[3000]);
    group.put(JournalFixture.bytes("b"), new byte[3000]);
    group.delete(JournalFixture.bytes("a"));
    group.allocate(5, 6);
    group.free(7, 8);
    ring.journal.awaitWritten(ring.journal.seal());
    assertEquals(List.of("a", "b", "-a", "allocate 5 6", "free 7 8"), ring.replayed());
  }

  @Test
  void sealingNothingMakesNoGroup() throws IOException {
    ring.commit("a");
    assertEquals(1, ring.journal.seal());
    assertEquals(0, ring.journal.openGroupBytes());
  }

  @Test
  void everyDamagedByteOfTheLastGroupEndsTheScanBeforeIt() throws IOException {
    ring.commit("a", "b");
    int groupBytes = JournalFormat.HEADER_BYTES + 3 + 10 + 8 + 12;
    for (int offset = 0; offset < groupBytes; offset++) {
      ring.damage(1, offset);
      assertEquals(List.of("a"), ring.replayed(), "offset " + offset);
      ring.damage(1, offset);
    }
    assertEquals(List.of("a", "b"), ring.replayed());
  }

  @Test
  void stopsAtTornCommit() throws IOException {
    ring.commit("a");
    ring.journal.openGroup().put(JournalFixture.bytes("b"), new byte[9000]);
    ring.journal.awaitWritten(ring.journal.seal());
    ring.damage(3, 870);
    assertEquals(List.of("a"), ring.replayed());
  }

  @Test
  void damagedDurableGroupIsNotTakenForATornOne() throws IOException {
    ring.commit("a", "b", "c");
    ring.damage(1, 50);
    JournalDamagedException damaged = assertThrows(JournalDamagedException.class, ring::replayed);
    assertEquals(2, damaged.missing());
    assertEquals(3, damaged.witness());
  }

  /** A group for each block, which was written without a flush. */
  private void check(long... blocks) throws IOException {
    for (long block : blocks) {
      ring.journal.openGroup().check(block, BlockChecksums.of((int) block));
      ring.journal.awaitWritten(ring.journal.seal());
    }
  }

  @Test
  void groupWhoseDataIsLostEndsTheScan() throws IOException {
    check(5, 6, 7);
    assertEquals(List.of("check 5 1", "check 6 1", "check 7 1"), ring.replayed());
    ring.lost.add(6L);
    JournalScanner.Found found = ring.scan(new ArrayList<>());
    assertEquals(List.of("check 5 1"), ring.replayed());
    assertEquals(1, found.sequence());
    assertEquals(JournalFormat.ALIGN_BYTES, found.position());
  }

  @Test
  void dataOfADurableGroupIsNotAskedFor() throws IOException {
    check(5);
    ring.journal.awaitDurable(1);
    check(6);
    ring.lost.add(5L); // Freed and used again, or damaged since: its reader is told.
    assertEquals(List.of("check 5 1", "check 6 1"), ring.replayed());
  }

  @Test
  void whatALaterGroupKnewToBeDurableIsNotAskedForThoughThatGroupIsTorn() throws IOException {
    check(5);
    ring.journal.awaitDurable(1);
    ring.write("a", "b");
    ring.damage(1, 60);
    ring.lost.add(5L);
    assertEquals(List.of("check 5 1"), ring.replayed());
  }

  @Test
  void freedDataMayBeLostFromTheGroupThatFreedItOn() throws IOException {
    check(5);
    ring.journal.openGroup().free(4, 2);
    ring.journal.awaitWritten(ring.journal.seal());
    check(6);
    ring.lost.add(5L);
    assertEquals(List.of("check 5 1", "free 4 2", "check 6 1"), ring.replayed());
    ring.lost.add(6L); // The group that freed block 5 stands, and block 6 was nobody's before.
    assertEquals(List.of("check 5 1", "free 4 2"), ring.replayed());
    ring.damage(1, 60); // Without it, block 5 is asked for.
    assertEquals(List.of(), ring.replayed());
  }

  @Test
  void manyChecksAreFlushedInBetween() throws IOException {
    BlockChecksums checksums = BlockChecksums.of(new int[Journal.MOST_CHECKED_BLOCKS / 8]);
    for (int group = 0; group < 8; group++) {
      ring.journal.openGroup().check(1, checksums);
      ring.journal.awaitWritten(ring.journal.seal());
      ring.release();
    }
    assertEquals(0, ring.device.log().flushes());
    ring.journal.openGroup().check(1, checksums);
    ring.journal.awaitWritten(ring.journal.seal());
    assertEquals(1, ring.device.log().flushes());
  }

  @Test
  void lostUnflushedGroupEndsTheScanQuietly() throws IOException {
    ring.commit("a");
    ring.write("b", "c");
    ring.damage(1, 50);
    assertEquals(List.of("a"), ring.replayed());
  }

  @Test
  void ignoresAnOldLap() throws IOException {
    for (int i = 0; i < 3 * JournalFixture.PLACES + 5; i++) {
      ring.commit("old" + i);
    }
    assertTrue(ring.timesFull >= 2);
    ring.release();
    assertEquals(List.of(), ring.replayed());
    ring.commit("new");
    assertEquals(List.of("new"), ring.replayed());
  }

  @Test
  void ignoresAnEarlierEraOfTheSameSequence() throws IOException {
    ring.commit("a").write("b", "c");
    ring.damage(1, 50); // "c" is whole and follows the place where "b2" will go.
    JournalScanner.Found found = ring.scan(new ArrayList<>());
    ring.nextEra(found);
    ring.commit("b2");
    assertEquals(List.of("b2"), ring.replayed());
  }

  @Test
  void groupsGoOnAcrossTheEndOfTheRing() throws IOException {
    for (int i = 0; i < JournalFixture.PLACES - 1; i++) {
      ring.commit("old");
    }
    ring.release();
    ring.journal.openGroup().put(JournalFixture.bytes("across"), new byte[9000]);
    ring.journal.awaitDurable(ring.journal.seal());
    ring.commit("after");
    assertEquals(List.of("across", "after"), ring.replayed());
  }

  @Test
  void groupThatCannotFitNeedsNoRoom() throws IOException {
    ring.commit("a");
    ring.journal.openGroup().put(JournalFixture.bytes("huge"), new byte[100_000]);
    ring.journal.awaitDurable(ring.journal.seal());
    assertEquals(1, ring.timesFull);
    ring.commit("b");
    assertEquals(List.of("b"), ring.replayed());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xC0FFEE})
  void noiseIsNoGroup(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      JournalFixture noisy = new JournalFixture().commit("a", "b");
      for (int i = 0; i < 5; i++) {
        noisy.damage(1 + random.nextInt(4), random.nextInt(4096));
      }
      List<String> replayed = noisy.replayed();
      assertEquals(List.of("a", "b").subList(0, replayed.size()), replayed, "seed " + seed);
    }
  }

  @Test
  void formatTablesAddUp() {
    assertEquals(44, JournalFormat.HEADER_BYTES);
    assertEquals(8, JournalFormat.RECORD_HEADER_BYTES);
  }
}
