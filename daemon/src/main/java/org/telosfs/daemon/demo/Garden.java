package org.telosfs.daemon.demo;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;

/**
 * A garden that grows. The root {@code garden} holds the day, the weather and a list of plants; a
 * plant's prototype is its species, which has what all of its kind share. Each {@link #tend} is one
 * transaction that says in words what happened.
 */
final class Garden {
  private static final String ROOT = "garden";
  private static final String USER = "gardener";
  private static final int MOST_PLANTS = 24;
  private static final int TENDED_AT_ONCE = 3;
  private static final long THIRST = 12;

  private final ObjectStore store;
  private final RandomGenerator chance;
  private final InstantSource clock;

  Garden(ObjectStore store, RandomGenerator chance, InstantSource clock) {
    this.store = store;
    this.chance = chance;
    this.clock = clock;
  }

  /** Lays the garden out unless it is there: a bed without plants, and the species. */
  void layOut() throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      if (transaction.roots().containsKey(ROOT)) {
        return;
      }
      ObjectId gardenId = store.newIds(1).get(0);
      for (Species species : Species.values()) {
        ObjectId id = store.newIds(1).get(0);
        transaction.put(StateCodec.put(id, species.state()));
        transaction.setRoot(species.rootName(), id);
      }
      ObjectState empty =
          ObjectState.builder()
              .slot("day", 0)
              .slot("weather", "fair")
              .slot("plants", SlotValue.of(List.of()))
              .build();
      transaction.put(StateCodec.put(gardenId, empty));
      transaction.setRoot(ROOT, gardenId);
      transaction.commit(TransactionMetadata.of(USER, "A garden is laid out"));
    }
  }

  /**
   * Lets a day pass.
   *
   * @return what happened, as the transaction says it; empty if somebody else was at it meanwhile
   */
  String tend() throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      ObjectId gardenId = transaction.roots().get(ROOT);
      Revision garden = gardenId == null ? null : transaction.get(gardenId).orElse(null);
      if (gardenId == null || garden == null) {
        layOut();
        return "";
      }
      ObjectState bed = StateCodec.decode(garden.state());
      List<ObjectId> plants = bed.references();
      boolean rain = chance.nextInt(3) == 0;
      List<ObjectPut> puts = new ArrayList<>();
      List<String> words = new ArrayList<>(List.of(rain ? "Rain falls" : "The sun shines"));
      ObjectState.Builder tomorrow =
          bed.toBuilder().slot("day", day(bed) + 1).slot("weather", rain ? "rain" : "sun");
      if (plants.size() < MOST_PLANTS && chance.nextInt(4) == 0) {
        plants = sow(plants, transaction, puts, words);
        tomorrow.slot("plants", references(plants));
      }
      grow(plants, rain, transaction, puts, words);
      puts.add(StateCodec.put(gardenId, tomorrow.build()));
      transaction.put(puts);
      String story = String.join(", ", words);
      return transaction.commit(TransactionMetadata.of(USER, story))
              instanceof CommitOutcome.Committed
          ? story
          : "";
    }
  }

  private static long day(ObjectState bed) {
    return bed.slot("day").orElse(SlotValue.NULL) instanceof SlotValue.Int64 day ? day.value() : 0;
  }

  private static SlotValue references(List<ObjectId> plants) {
    return SlotValue.of(plants.stream().<SlotValue>map(SlotValue::of).toList());
  }

  private List<ObjectId> sow(
      List<ObjectId> plants, StoreTransaction transaction, List<ObjectPut> puts, List<String> words)
      throws IOException {
    Species species = Species.values()[chance.nextInt(Species.values().length)];
    ObjectId prototype = transaction.roots().get(species.rootName());
    if (prototype == null) {
      return plants;
    }
    ObjectId id = store.newIds(1).get(0);
    ObjectState seed =
        ObjectState.builder()
            .prototype(prototype)
            .slot("sown", SlotValue.of(Instant.ofEpochSecond(clock.instant().getEpochSecond())))
            .slot("millimetres", 1)
            .slot("water", THIRST)
            .build();
    puts.add(StateCodec.put(id, seed));
    words.add("a " + species.word() + " is sown");
    List<ObjectId> more = new ArrayList<>(plants);
    more.add(id);
    return more;
  }

  private void grow(
      List<ObjectId> plants,
      boolean rain,
      StoreTransaction transaction,
      List<ObjectPut> puts,
      List<String> words)
      throws IOException {
    if (plants.isEmpty()) {
      return;
    }
    int grown = 0;
    int from = chance.nextInt(plants.size());
    List<ObjectId> tended = plants.subList(from, Math.min(plants.size(), from + TENDED_AT_ONCE));
    for (Map.Entry<ObjectId, Revision> plant : transaction.get(tended).entrySet()) {
      if (puts.stream().noneMatch(put -> put.id().equals(plant.getKey()))) {
        ObjectState state = StateCodec.decode(plant.getValue().state());
        puts.add(StateCodec.put(plant.getKey(), aDayLater(state, rain)));
        grown++;
      }
    }
    if (grown > 0) {
      words.add(grown == 1 ? "a plant grows" : grown + " plants grow");
    }
  }

  private ObjectState aDayLater(ObjectState plant, boolean rain) {
    long water = Math.max(0, number(plant, "water") - 1) + (rain ? THIRST / 2 : 0);
    long height = number(plant, "millimetres") + (water > 0 ? 1 + chance.nextInt(20) : 0);
    ObjectState.Builder later = plant.toBuilder().slot("millimetres", height).slot("water", water);
    if (height > 150 && chance.nextInt(5) == 0) {
      later.slot("flowers", number(plant, "flowers") + 1);
    }
    return later.build();
  }

  private static long number(ObjectState plant, String slot) {
    return plant.slot(slot).orElse(SlotValue.NULL) instanceof SlotValue.Int64 number
        ? number.value()
        : 0;
  }

  /** What can be sown; each is an object that its plants have as prototype. */
  private enum Species {
    SUNFLOWER("sunflower", "Helianthus annuus", "yellow"),
    POPPY("poppy", "Papaver rhoeas", "red"),
    CORNFLOWER("cornflower", "Centaurea cyanus", "blue");

    private final String word;
    private final String latin;
    private final String colour;

    Species(String word, String latin, String colour) {
      this.word = word;
      this.latin = latin;
      this.colour = colour;
    }

    String word() {
      return word;
    }

    String rootName() {
      return "species-" + word;
    }

    ObjectState state() {
      return ObjectState.builder()
          .slot("name", word)
          .slot("latin", latin)
          .slot("colour", colour)
          .slot("flowers", 0)
          .build();
    }
  }
}
