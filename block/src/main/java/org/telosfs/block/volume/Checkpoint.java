package org.telosfs.block.volume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.journal.FailureLatch;
import org.telosfs.block.journal.Journal;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.space.SpaceChange;
import org.telosfs.block.space.SpaceTree;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ChildPointer;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;
import org.telosfs.block.tree.TreeWriteOut;

/**
 * Brings the newest sealed state to disk: changed nodes to free places, flush, superblock, flush;
 * then the places of replaced nodes and the journal's room are free again. Commits go on meanwhile.
 * Safe for threads; one checkpoint at a time.
 */
final class Checkpoint {
  /** Places for space nodes change space records; this settles in two or three rounds. */
  private static final int MOST_ROUNDS = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final BlockDevice device;
  private final SuperblockPair superblocks;
  private final BTree mapTree;
  private final BTree spaceNodes;
  private final SpaceTree spaceTree;
  private final MapState map;
  private final SpaceLedger ledger;
  private final Journal journal;
  private final FailureLatch latch;

  @GuardedBy("lock")
  private final ReplacedNodes replacedSpace = new ReplacedNodes();

  @GuardedBy("lock")
  private TreeRoot spaceRoot;

  private volatile Superblock current;

  /**
   * Continues from {@code current}.
   *
   * @param current describes the state on disk, but for the era, which is the new one
   */
  Checkpoint(
      BlockDevice device,
      Superblock current,
      VolumeTrees trees,
      TreeRoot spaceRoot,
      MapState map,
      SpaceLedger ledger,
      Journal journal,
      FailureLatch latch) {
    this.device = device;
    this.superblocks = new SuperblockPair(device);
    this.mapTree = trees.map();
    this.spaceNodes = trees.spaceNodes();
    this.spaceTree = new SpaceTree(trees.spaceNodes());
    this.spaceRoot = spaceRoot;
    this.map = map;
    this.ledger = ledger;
    this.journal = journal;
    this.latch = latch;
    this.current = current;
  }

  /** What the last checkpoint wrote. */
  Superblock current() {
    return current;
  }

  /** What a checkpoint is made for. */
  enum Occasion {
    /** Writes the newest sealed state, if it is not on disk yet. */
    ROUTINE,
    /** Likewise, and frees of later groups stay held back. */
    INSPECTION,
    /** Writes a superblock in any case, the first of a new era. */
    OPENING,
    /** Writes a superblock in any case, which says that the journal is empty. */
    CLOSING
  }

  /** Makes a checkpoint. */
  void run(Occasion occasion) throws IOException {
    lock.lock();
    try {
      write(occasion);
    } finally {
      lock.unlock();
    }
  }

  /** What runs while the state on disk stays as it is. */
  interface OnDisk {
    void look(Superblock superblock) throws IOException;
  }

  /**
   * Writes the newest sealed state, if writing has not ended, and keeps it, and the data it refers
   * to, as they are while {@code look} runs.
   */
  void whileOnDisk(OnDisk look) throws IOException {
    lock.lock();
    try {
      try {
        if (latch.hasFailed()) {
          ledger.hold(current.sequence());
        } else {
          write(Occasion.INSPECTION);
        }
        look.look(current);
      } finally {
        ledger.unhold();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is wrong with the copies of the superblock, one line each. */
  List<String> damagedCopies() {
    return superblocks.damage(current.generation());
  }

  @GuardedBy("lock")
  private void write(Occasion occasion) throws IOException {
    latch.check();
    MapState.Sealed state = map.beginCheckpoint();
    Plan plan;
    try {
      boolean always = occasion == Occasion.OPENING || occasion == Occasion.CLOSING;
      if (!always && state.sequence() == current.sequence()) {
        map.abandonCheckpoint(state);
        return;
      }
      plan = plan(state);
    } catch (IOException | RuntimeException failed) {
      map.abandonCheckpoint(state);
      throw failed;
    } finally {
      if (occasion != Occasion.INSPECTION) {
        ledger.unhold();
      }
    }
    try {
      perform(state, plan, occasion == Occasion.CLOSING);
    } catch (IOException failed) {
      throw latch.fail(failed);
    } catch (RuntimeException bug) {
      latch.fail(new IOException("a checkpoint failed", bug));
      throw bug;
    }
    map.countReclaim();
    ledger.givePlaces(plan.freedPlaces());
    ledger.becameDurable(journal.durableSequence());
    ledger.trim(map.countDirtyNodes());
  }

  /** Which nodes go where, and what space looks like then. */
  private record Plan(
      TreeWriteOut mapNodes,
      List<Long> mapPlaces,
      TreeRoot spaceRoot,
      TreeWriteOut spaceNodes,
      List<Long> spacePlaces,
      List<Long> freedPlaces,
      long freeBlocks) {}

  @GuardedBy("lock")
  private Plan plan(MapState.Sealed state) throws IOException {
    long freeBlocks = current.freeBlocks();
    for (SpaceChange change : state.changes()) {
      freeBlocks += change.used() ? -change.run().blocks() : change.run().blocks();
    }
    TreeWriteOut mapNodes = new TreeWriteOut(mapTree, state.root());
    List<Long> freed = new ArrayList<>(state.replacedPlaces());
    List<Long> mapPlaces = ledger.takePlaces(mapNodes.nodeCount());
    List<Long> spacePlaces = new ArrayList<>();
    try {
      List<SpaceChange> changes = new ArrayList<>(state.changes());
      addChanges(changes, freed, false);
      addChanges(changes, mapPlaces, true);
      TreeRoot root = spaceRoot;
      TreeWriteOut spaceWriteOut = new TreeWriteOut(spaceNodes, root);
      for (int round = 0; !changes.isEmpty(); round++) {
        if (round == MOST_ROUNDS) {
          throw new IllegalStateException("the places of space nodes do not settle");
        }
        root = spaceTree.apply(root, changes, replacedSpace);
        replacedSpace.endEpoch();
        List<Long> replaced = replacedSpace.beginCheckpoint(spaceNodes);
        freed.addAll(replaced);
        spaceWriteOut = new TreeWriteOut(spaceNodes, root);
        changes = new ArrayList<>();
        addChanges(changes, replaced, false);
        settle(spaceWriteOut.nodeCount(), spacePlaces, changes);
      }
      long nodes = (long) mapPlaces.size() + spacePlaces.size() - freed.size();
      spacePlaces.sort(null);
      return new Plan(
          mapNodes,
          mapPlaces,
          root,
          spaceWriteOut,
          spacePlaces,
          freed,
          freeBlocks - nodes * SpaceLedger.BLOCKS_PER_NODE);
    } catch (IOException | RuntimeException failed) {
      ledger.givePlaces(mapPlaces);
      ledger.givePlaces(spacePlaces);
      throw failed;
    }
  }

  /** Takes or gives back places until there are {@code count}. */
  private void settle(int count, List<Long> places, List<SpaceChange> changes) throws IOException {
    if (count > places.size()) {
      List<Long> more = ledger.takePlaces(count - places.size());
      addChanges(changes, more, true);
      places.addAll(more);
    } else if (count < places.size()) {
      List<Long> tooMany = places.subList(count, places.size());
      addChanges(changes, tooMany, false);
      ledger.givePlaces(tooMany);
      tooMany.clear();
    }
  }

  private static void addChanges(List<SpaceChange> changes, List<Long> places, boolean used) {
    for (long place : places) {
      changes.add(new SpaceChange(new BlockRun(place, SpaceLedger.BLOCKS_PER_NODE), used));
    }
  }

  @GuardedBy("lock")
  private void perform(MapState.Sealed state, Plan plan, boolean clean) throws IOException {
    long generation = current.generation() + 1;
    ChildPointer mapPointer = write(plan.mapNodes(), plan.mapPlaces(), state.root(), generation);
    ChildPointer spacePointer =
        write(plan.spaceNodes(), plan.spacePlaces(), plan.spaceRoot(), generation);
    device.flush();
    journal.release(
        state.sequence(),
        position -> {
          Superblock next =
              current.next(
                  generation,
                  clean,
                  position,
                  state.sequence(),
                  plan.freeBlocks(),
                  mapPointer,
                  spacePointer);
          superblocks.write(next);
          current = next;
        });
    spaceRoot = plan.spaceRoot();
  }

  private static ChildPointer write(
      TreeWriteOut nodes, List<Long> places, TreeRoot root, long generation) throws IOException {
    ChildPointer clean = root.pointer();
    return clean != null ? clean : nodes.write(places, generation);
  }
}
