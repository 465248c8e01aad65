package org.telosfs.block.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.Key;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.tree.BTree;

/**
 * Changes that become visible together or not at all. It reads its own writes over the newest
 * committed state; its owner keeps transactions that would conflict apart. Used by one thread at a
 * time; committed or discarded exactly once.
 */
public final class VolumeTransaction implements MapReader, AutoCloseable {
  private enum State {
    OPEN,
    COMMITTED,
    DISCARDED
  }

  /** A run that was taken, and the reservation it came from. */
  private record Allocation(BlockRun run, Reservation from) {}

  /** Data that was written to these blocks. */
  record Written(long startBlock, BlockChecksums checksums) {}

  private final MapState map;

  /** Null where a key is deleted. */
  private final TreeMap<byte[], byte @Nullable []> changes = new TreeMap<>(Arrays::compareUnsigned);

  private final List<Allocation> allocations = new ArrayList<>(0);
  private final List<BlockRun> frees = new ArrayList<>(0);
  private final List<Written> writes = new ArrayList<>(0);
  private State state = State.OPEN;

  VolumeTransaction(MapState map) {
    this.map = map;
  }

  @Override
  public byte @Nullable [] get(Key key) throws IOException {
    byte[] changed = changes.get(key.bytes());
    if (changed != null || changes.containsKey(key.bytes())) {
      return changed;
    }
    return map.view().get(key);
  }

  @Override
  public @Nullable MapEntry floor(Key key) throws IOException {
    byte[] at = key.bytes();
    ViewCursor below = map.view().cursor(at);
    MapEntry committed = null;
    if (below.isBefore(at) && below.next()) {
      committed = below.entry();
      below.previous();
    } else if (below.previous()) {
      committed = below.entry();
    }
    Map.Entry<byte[], byte @Nullable []> changed = changes.floorEntry(at);
    while (changed != null) {
      int order =
          committed == null ? 1 : Arrays.compareUnsigned(changed.getKey(), committed.key().bytes());
      if (order < 0) {
        break;
      }
      byte[] value = changed.getValue();
      if (value != null) {
        return new MapEntry(Key.of(changed.getKey()), value);
      }
      if (order == 0) {
        committed = below.previous() ? below.entry() : null;
      }
      changed = changes.lowerEntry(changed.getKey());
    }
    return committed;
  }

  @Override
  public @Nullable MapEntry ceiling(Key key) throws IOException {
    MapCursor cursor = scan(key, null);
    return cursor.next() ? new MapEntry(cursor.key(), cursor.value()) : null;
  }

  /**
   * The entries from one key up to another, or to the end if that is null. What the transaction
   * changes behind the cursor's place meanwhile is seen when it gets there.
   */
  @Override
  public MapCursor scan(Key fromInclusive, @Nullable Key toExclusive) throws IOException {
    MapCursor committed = map.view().scan(fromInclusive, toExclusive);
    return changes.isEmpty()
        ? committed
        : new MergedScan(committed, changes, fromInclusive, toExclusive);
  }

  /**
   * Sets a value, which is not copied.
   *
   * @throws IllegalArgumentException if it is longer than {@value BTree#MAX_VALUE_BYTES} bytes
   */
  public void put(Key key, byte[] value) {
    requireOpen();
    if (value.length > BTree.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("value of " + value.length + " bytes");
    }
    changes.put(key.bytes(), value);
  }

  /** Removes a key, if it is there. */
  public void delete(Key key) {
    requireOpen();
    changes.put(key.bytes(), null);
  }

  /**
   * Makes all changes visible at once and part of the open group. Writes nothing.
   *
   * @throws VolumeFailedException if writing has ended; the transaction is still to be closed
   * @throws IOException if a tree node cannot be read; likewise
   */
  public void commit() throws IOException {
    requireOpen();
    map.commit(this);
    state = State.COMMITTED;
  }

  /** Discards the transaction unless it was committed; what it allocated is free again. */
  @Override
  public void close() throws IOException {
    if (state != State.OPEN) {
      return;
    }
    state = State.DISCARDED;
    for (Allocation allocation : allocations) {
      allocation.from().undo(allocation.run());
    }
  }

  void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("the transaction is " + state);
    }
  }

  void allocated(BlockRun run, Reservation from) {
    allocations.add(new Allocation(run, from));
  }

  void wrote(long startBlock, BlockChecksums checksums) {
    writes.add(new Written(startBlock, checksums));
  }

  void freed(BlockRun run) {
    frees.add(run);
  }

  boolean isEmpty() {
    return changes.isEmpty() && allocations.isEmpty() && frees.isEmpty() && writes.isEmpty();
  }

  NavigableMap<byte[], byte @Nullable []> changes() {
    return changes;
  }

  List<BlockRun> allocations() {
    List<BlockRun> runs = new ArrayList<>(allocations.size());
    for (Allocation allocation : allocations) {
      runs.add(allocation.run());
    }
    return runs;
  }

  List<Written> writes() {
    return writes;
  }

  List<BlockRun> frees() {
    return frees;
  }
}
