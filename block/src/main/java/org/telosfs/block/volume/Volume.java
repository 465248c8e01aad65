package org.telosfs.block.volume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.NoSpaceException;
import org.telosfs.block.journal.FailureLatch;
import org.telosfs.block.journal.Journal;
import org.telosfs.block.journal.JournalRing;
import org.telosfs.block.journal.JournalScanner;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.space.SpaceChange;
import org.telosfs.block.space.SpaceMap;
import org.telosfs.block.space.SpaceTree;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;

/**
 * An open volume: one ordered transactional map and extents of data blocks.
 *
 * <p>A transaction that commits is visible at once and part of the open group. {@link #seal} closes
 * the group; the owner does so whenever the state just committed is one that may be found after a
 * crash, and often enough that {@link #openGroupBytes} stays small against the journal. After a
 * crash exactly a prefix of the sealed groups is there, at least those {@link #awaitDurable} was
 * waited for. Safe for threads.
 */
public final class Volume implements Closeable {
  private static final long LEAST_JOURNAL_BYTES = 1L << 20;
  private static final long MOST_JOURNAL_BYTES = 128L << 20;
  private static final int JOURNAL_FRACTION = 64;
  private static final int MOST_JOURNAL_FRACTION = 8;

  /** So many times more nodes than call for a checkpoint may be dirty before transactions wait. */
  private static final int MOST_DIRTY_FACTOR = 4;

  private final BlockDevice device;
  private final VolumeConfig config;
  private final FailureLatch latch = new FailureLatch(VolumeFailedException::new);
  private final VolumeTrees trees;
  private final SpaceLedger ledger;
  private final Journal journal;
  private final MapState map;
  private final Checkpoint checkpoint;
  private final ExtentStore extents;
  private final @Nullable Checkpointer checkpointer;

  private Volume(
      BlockDevice device,
      VolumeConfig config,
      Superblock superblock,
      VolumeTrees trees,
      Start start)
      throws IOException {
    this.device = device;
    this.config = config;
    this.trees = trees;
    this.ledger = new SpaceLedger(start.space());
    this.journal =
        new Journal(
            new JournalRing(device, superblock.journalStart(), superblock.journalBytes()),
            superblock.salt(),
            superblock.era(),
            start.position(),
            start.sequence(),
            latch,
            this::checkpoint);
    this.map =
        new MapState(
            trees.map(), start.root(), start.replaced(), start.changes(), journal, ledger, latch);
    this.checkpoint =
        new Checkpoint(device, superblock, trees, start.spaceRoot(), map, ledger, journal, latch);
    this.extents = new ExtentStore(device, superblock, () -> checkpoint.current().generation() + 1);
    this.checkpointer = config.backgroundCheckpoints() ? new Checkpointer(this::checkpoint) : null;
  }

  /** What a volume starts from. */
  private record Start(
      TreeRoot root,
      TreeRoot spaceRoot,
      SpaceMap space,
      ReplacedNodes replaced,
      List<SpaceChange> changes,
      long position,
      long sequence) {}

  /**
   * Makes a new, empty volume on a device; whatever it held is lost. The device stays open.
   *
   * @throws IllegalArgumentException if the device is smaller than {@link
   *     VolumeFormat#LEAST_DEVICE_BYTES}, or too small for the journal that was asked for
   */
  public static void format(BlockDevice device, VolumeFormat format) throws IOException {
    requireSectors(device);
    long deviceBytes = device.sizeBytes() & -BlockGeometry.BLOCK_BYTES;
    if (deviceBytes < VolumeFormat.LEAST_DEVICE_BYTES) {
      throw new IllegalArgumentException(
          "a device of " + device.sizeBytes() + " bytes is too small for a volume");
    }
    long journalBytes = journalBytes(deviceBytes, format.journalBytes());
    for (int block : new int[] {SuperblockFormat.FIRST_BLOCK, SuperblockFormat.SECOND_BLOCK}) {
      device.write(
          block * (long) BlockGeometry.BLOCK_BYTES, ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES));
    }
    device.flush();
    Superblock none = Superblock.unformatted(format.id(), deviceBytes, journalBytes);
    VolumeTrees trees = VolumeTrees.of(device, none, 1);
    SpaceMap space =
        new SpaceMap(
            new SpaceTree(trees.spaceNodes()),
            TreeRoot.empty(),
            none.totalBlocks(),
            none.totalBlocks());
    BlockRun kept = new BlockRun(0, Math.toIntExact(none.firstDataBlock()));
    space.use(kept);
    Start start =
        new Start(
            TreeRoot.empty(),
            TreeRoot.empty(),
            space,
            new ReplacedNodes(),
            List.of(new SpaceChange(kept, true)),
            0,
            0);
    Volume volume = new Volume(device, VolumeConfig.deterministic(), none, trees, start);
    volume.checkpoint.run(Checkpoint.Occasion.CLOSING);
    device.flush();
  }

  private static void requireSectors(BlockDevice device) {
    if (BlockGeometry.BLOCK_BYTES % device.sectorBytes() != 0) {
      throw new IllegalArgumentException(
          "sectors of " + device.sectorBytes() + " bytes are no part of a block");
    }
  }

  private static long journalBytes(long deviceBytes, long wish) {
    long most = deviceBytes / MOST_JOURNAL_FRACTION;
    if (wish > most) {
      throw new IllegalArgumentException(
          "a journal of " + wish + " bytes on a device of " + deviceBytes);
    }
    long share =
        Math.min(MOST_JOURNAL_BYTES, Math.max(LEAST_JOURNAL_BYTES, deviceBytes / JOURNAL_FRACTION));
    return (wish > 0 ? wish : Math.min(share, most)) & -BlockGeometry.BLOCK_BYTES;
  }

  /**
   * Opens the volume on a device and brings it to the state of its last whole group. The volume
   * closes the device when it is closed, or when this fails.
   *
   * @throws VolumeFormatException if there is no volume that can be opened; nothing was written
   */
  public static Volume open(BlockDevice device, VolumeConfig config) throws IOException {
    try {
      return openDevice(device, config);
    } catch (IOException | RuntimeException failed) {
      try {
        device.close();
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  private static Volume openDevice(BlockDevice device, VolumeConfig config) throws IOException {
    requireSectors(device);
    Superblock found = new SuperblockPair(device).read();
    VolumeRecovery.requireWhole(device, found);
    VolumeTrees trees = VolumeTrees.of(device, found, config.cachedNodes());
    VolumeRecovery recovery = new VolumeRecovery(device, found, trees);
    JournalScanner.Found end = recovery.replay();
    recovery.space().readAll();
    Start start =
        new Start(
            recovery.root(),
            recovery.spaceRoot(),
            recovery.space(),
            recovery.replaced(),
            recovery.changes(),
            end.position(),
            end.sequence());
    Volume volume = new Volume(device, config, found.inNextEra(), trees, start);
    try {
      volume.checkpoint.run(Checkpoint.Occasion.OPENING);
    } catch (IOException | RuntimeException failed) {
      volume.stopCheckpointer();
      throw failed;
    }
    return volume;
  }

  /** The newest committed state. */
  public VolumeView view() {
    return map.view();
  }

  /**
   * A new transaction.
   *
   * @throws NoSpaceException if the purpose is growth and only the reserve is left, or if nothing
   *     at all is; sealing and waiting until that is durable may help
   * @throws VolumeFailedException if writing has ended
   */
  public VolumeTransaction begin(Purpose purpose) throws IOException {
    return begin(purpose, 0);
  }

  /**
   * As {@link #begin(Purpose)}, when so many more nodes may change before the next transaction asks
   * for room.
   */
  public VolumeTransaction begin(Purpose purpose, int moreNodes) throws IOException {
    latch.check();
    map.requireOpen();
    boundMemory();
    if (!hasRoomForNodes(purpose, moreNodes)) {
      throw new NoSpaceException("no room for changes of the map");
    }
    return new VolumeTransaction(map);
  }

  /** Waits for a checkpoint when far more nodes have changed than should have. */
  private void boundMemory() throws IOException {
    long most = (long) config.dirtyNodes() * MOST_DIRTY_FACTOR;
    if (map.dirtyNodes() > most && journal.sealedSequence() > checkpoint.current().sequence()) {
      checkpoint();
    }
  }

  /** Makes sure that the next checkpoint has places for all nodes; makes one now if need be. */
  private boolean hasRoomForNodes(Purpose purpose, int more) throws IOException {
    if (ledger.ensurePlaces(map.dirtyNodes() + more, purpose)
        || ledger.ensurePlaces(map.countDirtyNodes() + more, purpose)) {
      return true;
    }
    checkpoint();
    return ledger.ensurePlaces(map.dirtyNodes() + more, purpose);
  }

  /** Data blocks. */
  public ExtentStore extents() {
    return extents;
  }

  /**
   * Sets blocks aside, with room for the map's entries that will describe them.
   *
   * @throws NoSpaceException if there are not so many; freed blocks count once the group that freed
   *     them is sealed, for which this waits if need be
   */
  public Reservation reserve(long blocks) throws IOException {
    if (blocks < 0) {
      throw new IllegalArgumentException("blocks=" + blocks);
    }
    if (!ledger.reserve(blocks) && !reserveAfterCheckpoint(blocks)) {
      throw new NoSpaceException(
          blocks + " blocks are asked for, " + ledger.availableBlocks() + " are left");
    }
    return new Reservation(ledger, blocks);
  }

  /** Freed blocks and places that only changed nodes need come back with a checkpoint. */
  private boolean reserveAfterCheckpoint(long blocks) throws IOException {
    checkpoint();
    return ledger.reserve(blocks);
  }

  /**
   * Closes the open group: all transactions committed so far, and none later, belong to it and
   * those before it. Writes nothing.
   *
   * @return its sequence; the last one's if nothing was committed since
   */
  public long seal() {
    long sequence = map.seal();
    if (checkpointer != null && wantsCheckpoint()) {
      checkpointer.wake();
    }
    return sequence;
  }

  private boolean wantsCheckpoint() {
    return journal.usedBytes() > journal.ringBytes() / 2 || map.dirtyNodes() > config.dirtyNodes();
  }

  /** Journal bytes of the open group. */
  public long openGroupBytes() {
    return map.openGroupBytes();
  }

  /** Waits until the group was handed to the device, and survives a kill of the process. */
  public void awaitWritten(long sequence) throws IOException {
    requireSealed(sequence);
    journal.awaitWritten(sequence);
  }

  /** Waits until the group was flushed, and survives a power loss. */
  public void awaitDurable(long sequence) throws IOException {
    requireSealed(sequence);
    journal.awaitDurable(sequence);
    ledger.becameDurable(journal.durableSequence());
  }

  private void requireSealed(long sequence) {
    if (sequence > journal.sealedSequence()) {
      throw new IllegalArgumentException("group " + sequence + " is not sealed");
    }
  }

  /** Writes the newest sealed state to its place, after which it needs no journal. */
  public void checkpoint() throws IOException {
    checkpoint.run(Checkpoint.Occasion.ROUTINE);
  }

  /** In numbers. */
  public VolumeStats stats() {
    Superblock last = checkpoint.current();
    return new VolumeStats(
        last.id(),
        last.totalBlocks(),
        ledger.freeBlocks(),
        ledger.availableBlocks(),
        ledger.reservedBlocks(),
        map.openFreedBlocks() + ledger.waitingBlocks(),
        ledger.blocksForNodes(),
        ledger.blocksKept(),
        last.generation(),
        journal.ringBytes(),
        journal.usedBytes(),
        map.dirtyNodes(),
        journal.sealedSequence(),
        journal.durableSequence());
  }

  VolumeTrees trees() {
    return trees;
  }

  Checkpoint checkpoints() {
    return checkpoint;
  }

  /**
   * Seals, writes everything to its place, and closes the device. Transactions still open are lost.
   *
   * @throws VolumeFailedException if writing had ended; the device is closed all the same
   */
  @Override
  public void close() throws IOException {
    stopCheckpointer();
    try (device) {
      if (map.isClosed()) {
        return;
      }
      // Durable in the journal first, in case that the checkpoint cannot be made.
      awaitDurable(map.seal());
      map.close();
      checkpoint.run(Checkpoint.Occasion.CLOSING);
      device.flush();
    }
  }

  private void stopCheckpointer() {
    if (checkpointer != null) {
      checkpointer.stop();
    }
  }
}
