package org.telosfs.block.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DataExtent;
import org.telosfs.block.Key;
import org.telosfs.block.NoSpaceException;

/**
 * Random work on a volume, and what its map should then say. An entry is told as {@code v7:300}, a
 * value of 300 bytes made from the number 7; {@code b9:3}, three blocks of data made from 9; {@code
 * u9:3}, three blocks not written yet. The stored value starts with the same words, so that what is
 * read can be verified byte by byte. Used by one thread.
 */
final class VolumeStory {
  private static final int KEYS = 60;

  /** Sorts before the others and is never changed. */
  private static final String FILLER = "filler";

  private static final int MOST_BLOCKS = 5;
  private static final int MOST_VALUE_BYTES = 2500;

  private final Volume volume;
  private final Random random;
  private TreeMap<String, String> state;

  /** Works on from what the volume holds. */
  VolumeStory(Volume volume, TreeMap<String, String> found, long seed) {
    this.volume = volume;
    this.state = found;
    this.random = new Random(seed);
  }

  /** What the map should say now; not changed any more. */
  TreeMap<String, String> state() {
    return state;
  }

  int pick(int bound) {
    return random.nextInt(bound);
  }

  /** Takes all space but some blocks, so that what is freed is soon used again. */
  void crowd(long blocksLeft) throws IOException {
    long blocks = volume.stats().blocksAvailable() - blocksLeft;
    TreeMap<String, String> next = new TreeMap<>(state);
    try (VolumeTransaction tx = volume.begin(Purpose.GROW);
        Reservation space = volume.reserve(blocks)) {
      Entry entry = unwritten(tx, space, 0, Math.toIntExact(blocks));
      tx.put(key(FILLER), entry.encode());
      next.put(FILLER, entry.told());
      tx.commit();
    }
    state = next;
  }

  /** One transaction of a few changes, which now and then is discarded. */
  void transact() throws IOException {
    TreeMap<String, String> next = new TreeMap<>(state);
    boolean shrink = state.size() > KEYS * 2 / 3 || random.nextInt(4) == 0;
    try (VolumeTransaction tx = volume.begin(shrink ? Purpose.RELEASE : Purpose.GROW);
        Reservation space = shrink ? volume.reserve(0) : volume.reserve(4L * MOST_BLOCKS)) {
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        if (shrink) {
          delete(tx, next);
        } else {
          change(tx, space, next);
        }
      }
      if (random.nextInt(10) != 0) {
        tx.commit();
        state = next;
      }
    } catch (NoSpaceException full) {
      release();
    }
  }

  /** Makes room: a full volume must still be able to. */
  private void release() throws IOException {
    TreeMap<String, String> next = new TreeMap<>(state);
    try (VolumeTransaction tx = volume.begin(Purpose.RELEASE)) {
      for (int i = 0; i < 6; i++) {
        delete(tx, next);
      }
      tx.commit();
    }
    state = next;
  }

  private void delete(VolumeTransaction tx, TreeMap<String, String> next) throws IOException {
    if (next.isEmpty()) {
      return;
    }
    String after = next.ceilingKey(name(random.nextInt(KEYS)));
    String victim = after == null ? next.lastKey() : after;
    if (victim.equals(FILLER)) {
      return;
    }
    freeExtents(tx, victim);
    tx.delete(key(victim));
    next.remove(victim);
  }

  private void change(VolumeTransaction tx, Reservation space, TreeMap<String, String> next)
      throws IOException {
    String name = name(random.nextInt(KEYS));
    long seed = random.nextInt(1_000_000_000);
    String told = next.get(name);
    Entry entry;
    if (told != null && told.startsWith("u") && random.nextInt(3) != 0) {
      entry = fill(tx, Entry.decode(value(tx, name)), seed);
    } else {
      freeExtents(tx, name);
      int blocks = 1 + random.nextInt(MOST_BLOCKS);
      switch (random.nextInt(5)) {
        case 0:
          entry = new Entry('v', seed, random.nextInt(MOST_VALUE_BYTES), List.of());
          break;
        case 1:
          entry = unwritten(tx, space, seed, blocks);
          break;
        case 2:
          entry = new Entry('v', seed, random.nextInt(40), List.of());
          break;
        default:
          entry = written(tx, space, seed, blocks);
      }
    }
    tx.put(key(name), entry.encode());
    next.put(name, entry.told());
  }

  private Entry written(VolumeTransaction tx, Reservation space, long seed, int blocks)
      throws IOException {
    List<Part> parts = new ArrayList<>();
    ByteBuffer data = ByteBuffer.wrap(content(seed, blocks * BlockGeometry.BLOCK_BYTES));
    for (StoredExtent stored : volume.extents().write(tx, space, ExtentStore.ANYWHERE, data)) {
      parts.add(new Part(stored.extent(), stored.checksums()));
    }
    return new Entry('b', seed, blocks, parts);
  }

  private Entry unwritten(VolumeTransaction tx, Reservation space, long seed, int blocks)
      throws IOException {
    List<Part> parts = new ArrayList<>();
    for (DataExtent extent :
        volume.extents().allocateUnwritten(tx, space, ExtentStore.ANYWHERE, blocks)) {
      parts.add(new Part(extent, null));
    }
    return new Entry('u', seed, blocks, parts);
  }

  private Entry fill(VolumeTransaction tx, Entry old, long seed) throws IOException {
    ByteBuffer data = ByteBuffer.wrap(content(seed, old.size() * BlockGeometry.BLOCK_BYTES));
    List<Part> parts = new ArrayList<>();
    for (Part part : old.parts()) {
      int bytes = part.extent().blocks() * BlockGeometry.BLOCK_BYTES;
      BlockChecksums checksums =
          volume.extents().writeInto(tx, part.extent(), data.slice(data.position(), bytes));
      data.position(data.position() + bytes);
      parts.add(new Part(part.extent(), checksums));
    }
    return new Entry('b', seed, old.size(), parts);
  }

  private void freeExtents(VolumeTransaction tx, String name) throws IOException {
    byte[] value = tx.get(key(name));
    if (value != null) {
      for (Part part : Entry.decode(value).parts()) {
        volume.extents().free(tx, part.extent());
      }
    }
  }

  private static byte[] value(VolumeTransaction tx, String name) throws IOException {
    byte[] value = tx.get(key(name));
    if (value == null) {
      throw new AssertionError(name + " is gone");
    }
    return value;
  }

  private static Key key(String name) {
    return VolumeFixture.key(name);
  }

  private static String name(int number) {
    return String.format("key-%03d", number);
  }

  /** Reads everything there is, and verifies every byte of it. */
  static TreeMap<String, String> read(Volume volume) throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    MapCursor cursor = volume.view().scan(Key.of((byte) 0), null);
    while (cursor.next()) {
      Entry entry = Entry.decode(cursor.value());
      int done = 0;
      byte[] expected =
          entry.type() == 'b'
              ? content(entry.seed(), entry.size() * BlockGeometry.BLOCK_BYTES)
              : new byte[0];
      for (Part part : entry.parts()) {
        BlockChecksums checksums = part.checksums();
        if (checksums != null) {
          byte[] bytes = new byte[part.extent().blocks() * BlockGeometry.BLOCK_BYTES];
          volume.extents().read(part.extent(), checksums, 0, ByteBuffer.wrap(bytes));
          int to = done + bytes.length;
          assertArrayEquals(Arrays.copyOfRange(expected, done, to), bytes, entry::told);
          done = to;
        }
      }
      found.put(new String(cursor.key().bytes(), StandardCharsets.UTF_8), entry.told());
    }
    return found;
  }

  /** The extents of all entries. */
  static void walk(MapReader map, BiConsumer<DataExtent, @Nullable BlockChecksums> found)
      throws IOException {
    MapCursor cursor = map.scan(Key.of((byte) 0), null);
    while (cursor.next()) {
      for (Part part : Entry.decode(cursor.value()).parts()) {
        found.accept(part.extent(), part.checksums());
      }
    }
  }

  private static byte[] content(long seed, int bytes) {
    byte[] content = new byte[bytes];
    ByteBuffer into = ByteBuffer.wrap(content);
    long at = seed;
    while (into.remaining() >= Long.BYTES) {
      at = at * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
      into.putLong(at);
    }
    return content;
  }

  /** An extent; no checksums if it was never written. */
  private record Part(DataExtent extent, @Nullable BlockChecksums checksums) {}

  /** An entry's value. */
  private record Entry(char type, long seed, int size, List<Part> parts) {
    String told() {
      return type + Long.toString(seed) + ":" + size;
    }

    byte[] encode() {
      int bytes = 1 + Long.BYTES + Integer.BYTES + Integer.BYTES;
      bytes += type == 'v' ? size : parts.size() * 20 + (type == 'b' ? size * 4 : 0);
      ByteBuffer into = ByteBuffer.allocate(bytes);
      into.put((byte) type).putLong(seed).putInt(size).putInt(parts.size());
      if (type == 'v') {
        into.put(content(seed, size));
      }
      for (Part part : parts) {
        DataExtent extent = part.extent();
        into.putLong(extent.startBlock()).putInt(extent.blocks());
        into.putLong(extent.birthGeneration());
        BlockChecksums checksums = part.checksums();
        if (checksums != null) {
          checksums.encode(into);
        }
      }
      return into.array();
    }

    static Entry decode(byte[] value) {
      ByteBuffer from = ByteBuffer.wrap(value);
      char type = (char) from.get();
      long seed = from.getLong();
      int size = from.getInt();
      List<Part> parts = new ArrayList<>();
      for (int left = from.getInt(); left > 0; left--) {
        DataExtent extent = extent(from);
        parts.add(
            new Part(extent, type == 'b' ? BlockChecksums.decode(from, extent.blocks()) : null));
      }
      if (type == 'v') {
        byte[] filler = new byte[size];
        from.get(filler);
        assertArrayEquals(content(seed, size), filler);
      }
      return new Entry(type, seed, size, parts);
    }

    private static DataExtent extent(ByteBuffer from) {
      long start = from.getLong();
      int blocks = from.getInt();
      return new DataExtent(start, blocks, from.getLong());
    }
  }
}
