package org.telosfs.block.volume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.journal.FailureLatch;
import org.telosfs.block.journal.Journal;
import org.telosfs.block.journal.JournalSink;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.space.SpaceChange;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;
import org.telosfs.block.tree.TreeWriteOut;

/**
 * The map's states in memory: the newest committed one, which everyone reads, and the newest sealed
 * one, which the next checkpoint writes. Its lock is the volume's commit lock.
 */
final class MapState implements VolumeView.Versions {
  /** More blocks than this are flushed before their group is written, and need no check. */
  private static final int MOST_BLOCKS_OF_A_CHECK = 32;

  private final BTree tree;
  private final Journal journal;
  private final SpaceLedger ledger;
  private final FailureLatch latch;

  private volatile TreeRoot head;

  private volatile long reclaims;

  /** An upper bound of the dirty nodes of {@link #head}. */
  private volatile long dirtyNodes;

  @GuardedBy("this")
  private TreeRoot sealed;

  @GuardedBy("this")
  private final ReplacedNodes replaced;

  @GuardedBy("this")
  private final List<SpaceChange> openChanges = new ArrayList<>();

  /** Of sealed groups that no checkpoint contains. */
  @GuardedBy("this")
  private List<SpaceChange> sealedChanges;

  private long openFreedBlocks;

  /** Places whose nodes the next checkpoint replaces, left over from one that could not begin. */
  @GuardedBy("this")
  private List<Long> leftOver = List.of();

  @GuardedBy("this")
  private boolean closed;

  /** Starts from what recovery made. */
  MapState(
      BTree tree,
      TreeRoot root,
      ReplacedNodes replaced,
      List<SpaceChange> changes,
      Journal journal,
      SpaceLedger ledger,
      FailureLatch latch) {
    this.tree = tree;
    this.head = root;
    this.sealed = root;
    this.replaced = replaced;
    this.sealedChanges = new ArrayList<>(changes);
    this.dirtyNodes = new TreeWriteOut(tree, root).nodeCount();
    this.journal = journal;
    this.ledger = ledger;
    this.latch = latch;
    replaced.endEpoch();
  }

  VolumeView view() {
    return new VolumeView(tree, this);
  }

  @Override
  public VolumeView.Version newest() {
    long before = reclaims; // Read first: what becomes free meanwhile may be this version's.
    return new VolumeView.Version(head, before);
  }

  @Override
  public long reclaims() {
    return reclaims;
  }

  /** The places that the last checkpoint has replaced are about to become free. */
  synchronized void countReclaim() {
    reclaims++;
  }

  long dirtyNodes() {
    return dirtyNodes;
  }

  /** Freed by the open group. */
  synchronized long openFreedBlocks() {
    return openFreedBlocks;
  }

  synchronized long openGroupBytes() {
    return journal.openGroupBytes();
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the volume is closed");
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
  }

  synchronized void commit(VolumeTransaction tx) throws IOException {
    latch.check();
    requireOpen();
    if (tx.isEmpty()) {
      return;
    }
    int mark = replaced.mark();
    long balance = replaced.dirtyBalance();
    TreeRoot next;
    try {
      next = tree.apply(head, tx.changes(), replaced);
    } catch (IOException | RuntimeException unfinished) {
      replaced.backTo(mark);
      throw unfinished;
    }
    JournalSink group = journal.openGroup();
    for (Map.Entry<byte[], byte @Nullable []> change : tx.changes().entrySet()) {
      byte[] value = change.getValue();
      if (value == null) {
        group.delete(change.getKey());
      } else {
        group.put(change.getKey(), value);
      }
    }
    for (BlockRun run : tx.allocations()) {
      group.allocate(run.start(), run.blocks());
      openChanges.add(new SpaceChange(run, true));
    }
    for (VolumeTransaction.Written data : tx.writes()) {
      int blocks = data.checksums().blocks();
      if (blocks <= MOST_BLOCKS_OF_A_CHECK
          && journal.openCheckedBlocks() + blocks <= Journal.MOST_CHECKED_BLOCKS) {
        group.check(data.startBlock(), data.checksums());
      } else {
        journal.dataWritten();
      }
    }
    for (BlockRun run : tx.frees()) {
      group.free(run.start(), run.blocks());
      openChanges.add(new SpaceChange(run, false));
      openFreedBlocks += run.blocks();
    }
    dirtyNodes += replaced.dirtyBalance() - balance;
    head = next;
  }

  synchronized long seal() {
    long before = journal.sealedSequence();
    long sequence = journal.seal();
    if (sequence != before) {
      sealed = head;
      for (SpaceChange change : openChanges) {
        if (!change.used()) {
          ledger.defer(sequence, change.run());
        }
      }
      sealedChanges.addAll(openChanges);
      openChanges.clear();
      openFreedBlocks = 0;
      replaced.endEpoch();
    }
    return sequence;
  }

  /** Counts the dirty nodes. */
  synchronized long countDirtyNodes() {
    long counted = new TreeWriteOut(tree, head).nodeCount();
    dirtyNodes = counted;
    return counted;
  }

  /**
   * What a checkpoint writes.
   *
   * @param sequence of the last group in it
   * @param changes of space since the last checkpoint, nodes apart
   * @param replacedPlaces of nodes that it no longer has
   */
  record Sealed(
      long sequence, TreeRoot root, List<SpaceChange> changes, List<Long> replacedPlaces) {}

  /** The newest sealed state; the ledger holds back later frees from here on. */
  synchronized Sealed beginCheckpoint() {
    long sequence = journal.sealedSequence();
    ledger.hold(sequence);
    List<Long> places = new ArrayList<>(leftOver);
    places.addAll(replaced.beginCheckpoint(tree));
    Sealed state = new Sealed(sequence, sealed, sealedChanges, places);
    sealedChanges = new ArrayList<>();
    leftOver = List.of();
    return state;
  }

  /** The checkpoint could not begin: what it took is for the next one. */
  synchronized void abandonCheckpoint(Sealed state) {
    List<SpaceChange> all = new ArrayList<>(state.changes());
    all.addAll(sealedChanges);
    sealedChanges = all;
    leftOver = state.replacedPlaces();
  }
}
