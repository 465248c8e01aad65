package org.telosfs.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

class GardenTest {
  private static final int DAYS = 100;

  private final MemoryStorageDirectory directory = new MemoryStorageDirectory();

  private static ObjectState state(StoreSnapshot snapshot, ObjectId id) throws IOException {
    return StateCodec.decode(snapshot.get(id).orElseThrow().state());
  }

  @Test
  void growsAndTellsWhatHappened() throws IOException {
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      Garden garden = new Garden(store, new Random(1), () -> Instant.EPOCH);
      garden.layOut();
      for (int day = 1; day <= DAYS; day++) {
        assertFalse(garden.tend().isEmpty());
      }
      try (StoreSnapshot snapshot = store.snapshot()) {
        ObjectState bed = state(snapshot, snapshot.roots().get("garden"));
        assertEquals(SlotValue.of(DAYS), bed.slot("day").orElseThrow());
        assertTrue(bed.references().size() > 5, bed.toString());
        ObjectState plant = state(snapshot, bed.references().get(0));
        ObjectState species = state(snapshot, plant.prototype().orElseThrow());
        assertTrue(species.slot("latin").isPresent());
        assertTrue(plant.slot("millimetres").orElseThrow() instanceof SlotValue.Int64);
      }
      List<CommittedTransaction> log = store.transactions(TransactionRange.newest(DAYS + 1));
      assertEquals(DAYS + 1, log.size());
      assertEquals("A garden is laid out", log.get(DAYS).metadata().description());
    }
  }

  @Test
  void aSecondStartGoesOnWhereTheFirstEnded() throws IOException {
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      Garden first = new Garden(store, new Random(1), () -> Instant.EPOCH);
      first.layOut();
      first.tend();
      Garden second = new Garden(store, new Random(2), () -> Instant.EPOCH);
      second.layOut();
      second.tend();
      try (StoreSnapshot snapshot = store.snapshot()) {
        ObjectState bed = state(snapshot, snapshot.roots().get("garden"));
        assertEquals(SlotValue.of(2), bed.slot("day").orElseThrow());
      }
    }
  }
}
