package org.telosfs.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.backup.BackupManifest;
import org.telosfs.persistence.backup.BackupRepository;
import org.telosfs.persistence.backup.StoreBackup;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.index.IndexSnapshot;
import org.telosfs.persistence.index.ObjectIndex;
import org.telosfs.persistence.log.LogEnd;
import org.telosfs.persistence.log.LogReader;
import org.telosfs.persistence.log.LogRecovery;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.log.SegmentedLog;
import org.telosfs.persistence.pack.PackDecision;
import org.telosfs.persistence.pack.PackableStore;
import org.telosfs.persistence.pack.StorePack;
import org.telosfs.persistence.resolve.Resolvers;
import org.telosfs.persistence.storage.StorageDirectory;
import org.telosfs.persistence.storage.StorageLockedException;

/**
 * The store that owns a directory. {@link #create} makes one, {@link #open} opens it for writing
 * and so for one process alone, {@link #openReadOnly} opens it beside a writer or on a medium that
 * must not change.
 */
public final class LocalObjectStore implements ObjectStore {

  private static final System.Logger LOG = System.getLogger(LocalObjectStore.class.getName());

  private final StorageDirectory directory;
  private final BlobStore blobs;
  private final VisibleState state;
  private final LogReader reader;
  private final UUID logId;
  private final LogEnd openedEnd;
  private final long tornBytes;
  private final AtomicLong greatestId;
  private final Resolvers resolvers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private final StorePack pack = new StorePack(new Packing());

  /** Null if opened for reading alone. */
  private final @Nullable Writing writing;

  /** What only a store that may be written has. */
  private record Writing(
      Closeable lock,
      SegmentedLog log,
      CommitSequence sequence,
      GroupCommit<CommitRequest> commits,
      AtomicLong indexedRevisions) {}

  private LocalObjectStore(
      StorageDirectory directory, StoreOpening opened, @Nullable Closeable lock, StoreConfig config)
      throws IOException {
    this.directory = directory;
    this.blobs = new BlobStore(directory);
    this.state = new VisibleState(opened, blobs);
    this.reader = state.reader();
    this.logId = opened.recovery().logId();
    this.openedEnd = opened.recovery().end();
    this.tornBytes = opened.recovery().tornBytes();
    this.greatestId = new AtomicLong(greatestIdEver(opened));
    this.resolvers = config.resolvers();
    this.writing = lock == null ? null : startWriting(opened, lock, config);
  }

  /** Whether the directory holds a store, in whatever condition. */
  public static boolean exists(StorageDirectory directory) throws IOException {
    return LogRecovery.present(directory);
  }

  /**
   * Makes an empty store, wholly or not at all.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  public static void create(StorageDirectory directory) throws IOException {
    try (Closeable lock = lock(directory)) {
      if (exists(directory)) {
        throw new FileAlreadyExistsException(
            directory.describe(), null, "there is an object store already");
      }
      SegmentedLog.create(directory, UUID.randomUUID());
    }
  }

  /**
   * Opens a store to read and write it. A torn tail is cut, which is logged and shows in {@link
   * #stats}.
   *
   * @throws StoreException.Locked if it is open for writing already
   * @throws StoreException.NotOurs if the directory holds no store
   * @throws StoreException.TooNew if a newer version wrote it
   * @throws StoreException.Truncated if committed transactions are missing
   * @throws StoreException.Damaged if committed bytes are not what was written
   */
  public static LocalObjectStore open(StorageDirectory directory, StoreConfig config)
      throws IOException {
    if (!exists(directory)) {
      throw new StoreException.NotOurs(directory.describe() + " holds no object store");
    }
    Closeable lock = lock(directory);
    try {
      return open(directory, lock, config);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Opens a store to read it; changes nothing, not even a torn tail. It shows what was committed by
   * now, also while another process goes on writing.
   *
   * @throws StoreException as {@link #open}, but for the lock
   */
  public static LocalObjectStore openReadOnly(StorageDirectory directory) throws IOException {
    return open(directory, null, StoreConfig.DEFAULT);
  }

  private static LocalObjectStore open(
      StorageDirectory directory, @Nullable Closeable lock, StoreConfig config) throws IOException {
    StoreOpening opened = StoreOpening.of(directory);
    try {
      return new LocalObjectStore(directory, opened, lock, config);
    } catch (IOException | RuntimeException e) {
      opened.recovery().close();
      throw e;
    }
  }

  private Writing startWriting(StoreOpening opened, Closeable lock, StoreConfig config)
      throws IOException {
    SortedMap<String, ObjectId> roots;
    try (LocalSnapshot newest = state.newest()) {
      roots = newest.roots();
    }
    blobs.removeOrphans(newestEver(opened));
    SegmentedLog log = SegmentedLog.open(opened.recovery(), reader, config.segmentBytes());
    CommitSequence sequence =
        new CommitSequence(state, log, config, roots, newestEver(opened), this::indexIfWorthwhile);
    GroupCommit<CommitRequest> commits = new GroupCommit<>(sequence);
    return new Writing(lock, log, sequence, commits, new AtomicLong(opened.indexedRevisions()));
  }

  @Override
  public StoreSnapshot snapshot() {
    return newest();
  }

  @Override
  public StoreSnapshot at(TransactionId id) throws StoreException.PackedAway {
    requireOpen();
    return state.at(id);
  }

  @Override
  public StoreTransaction begin() throws IOException {
    Writing open = requireWriting();
    open.commits().requireWritable();
    return new LocalTransaction(newest(), open.commits(), blobs, id -> id <= greatestId.get());
  }

  @Override
  public List<TransactionId> history(ObjectId id, TransactionRange range) {
    requireOpen();
    return state.index().history(id, range);
  }

  @Override
  public Optional<Revision> revision(ObjectId id, TransactionId transaction) throws IOException {
    requireOpen();
    ObjectIndex index = state.index();
    Optional<ObjectIndex.Place> place =
        index
            .find(id, index.transactionsUpTo(transaction))
            .filter(found -> found.transaction().equals(transaction));
    try {
      return place.isEmpty()
          ? Optional.empty()
          : Optional.of(reader.revision(id, transaction, place.get().position()));
    } catch (StoreException.PackedAway e) {
      return Optional.empty();
    }
  }

  @Override
  public List<TransactionId> transactionIds(TransactionRange range) {
    requireOpen();
    return state.index().transactionIds(range);
  }

  @Override
  public List<CommittedTransaction> transactions(TransactionRange range) throws IOException {
    requireOpen();
    List<CommittedTransaction> found = new ArrayList<>();
    for (LoggedTransaction where : state.index().transactions(range)) {
      try {
        found.add(
            CommitSequence.committed(where, reader.metadata(where.id(), where.commitPosition())));
      } catch (StoreException.PackedAway e) {
        LOG.log(System.Logger.Level.DEBUG, "a pack took a transaction while it was listed", e);
      }
    }
    return found;
  }

  @Override
  public UndoOutcome undo(Collection<TransactionId> transactions, TransactionMetadata metadata)
      throws IOException {
    return Undo.run(this, transactions, metadata, new StateMerge(resolvers));
  }

  @Override
  public List<ObjectId> newIds(int count) throws IOException {
    requireWriting();
    if (count < 0) {
      throw new IllegalArgumentException(count + " ids");
    }
    long last = greatestId.addAndGet(count);
    List<ObjectId> ids = new ArrayList<>(count);
    for (long id = last - count + 1; id <= last; id++) {
      ids.add(new ObjectId(id));
    }
    return ids;
  }

  @Override
  public BlobWriter newBlob() throws IOException {
    Writing open = requireWriting();
    open.commits().requireWritable();
    return blobs.newBlob();
  }

  @Override
  public Optional<BlobReader> openBlob(ObjectId id, TransactionId transaction) throws IOException {
    Optional<Blob> blob = revision(id, transaction).flatMap(Revision::blob);
    return blob.isEmpty() ? Optional.empty() : Optional.of(blobs.open(id, blob.get()));
  }

  /** Of a store that was opened for reading alone, a listener is never told anything. */
  @Override
  public Subscription subscribe(CommitListener listener) {
    requireOpen();
    return writing == null ? () -> {} : writing.sequence().subscribe(listener);
  }

  /**
   * Copies this store to a repository, as it is when this is called; commits go on, a pack waits.
   */
  public StoreBackup.Report backup(BackupRepository repository) throws IOException {
    requireOpen();
    synchronized (pack) {
      BackupManifest[] manifest = new BackupManifest[1];
      LogEnd[] end = {openedEnd};
      if (writing == null) {
        manifest[0] = manifest();
      } else {
        writing
            .commits()
            .betweenCommits(
                () -> {
                  manifest[0] = manifest();
                  end[0] = writing.log().end();
                });
      }
      return StoreBackup.run(directory, reader, blobs, end[0], manifest[0], repository);
    }
  }

  private BackupManifest manifest() {
    ObjectIndex index = state.index();
    return new BackupManifest(
        logId, index.transaction(index.transactionCount()), state.horizon(), List.of());
  }

  /** Packs this store while it is read and written; needs one that is open for writing. */
  public StorePack pack() {
    requireOpen();
    return pack;
  }

  @Override
  public StoreStats stats() {
    requireOpen();
    ObjectIndex index = state.index();
    Throwable ended = writing == null ? null : writing.commits().ended();
    int transactions = index.transactionCount();
    return new StoreStats(
        index.transaction(transactions),
        index.objectCount(),
        index.revisionCount(),
        transactions,
        reader.segmentCount(),
        logBytes(),
        index.memoryBytes(),
        writing == null ? 0 : writing.sequence().commits(),
        writing == null ? 0 : writing.sequence().syncs(),
        tornBytes,
        Optional.ofNullable(ended).map(failure -> String.valueOf(failure.getMessage())));
  }

  /**
   * Finishes commits that are under way, marks the log as closed in order, and lets go of the
   * directory.
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    try (reader) {
      if (writing != null) {
        try (Closeable lock = writing.lock()) {
          writing.commits().close();
          writing.log().close();
          if (writing.commits().ended() == null
              && writing.indexedRevisions().get() != state.index().revisionCount()) {
            writeIndex(writing);
          }
        }
      }
    }
  }

  private static long greatestIdEver(StoreOpening opened) {
    return Math.max(
        ObjectId.ROOTS.value(),
        Math.max(opened.index().greatestId(), opened.recovery().greatestPackedObject()));
  }

  private static TransactionId newestEver(StoreOpening opened) {
    TransactionId newest = opened.index().transaction(opened.index().transactionCount());
    TransactionId packed = opened.recovery().newestPacked();
    return newest.compareTo(packed) > 0 ? newest : packed;
  }

  private LocalSnapshot newest() {
    requireOpen();
    return state.newest();
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the store is closed");
    }
  }

  private Writing requireWriting() throws StoreException.ReadOnly {
    requireOpen();
    if (writing == null) {
      throw new StoreException.ReadOnly(directory.describe() + " is open for reading alone");
    }
    return writing;
  }

  private long logBytes() {
    try {
      return reader.sizeBytes();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the size of the log is unknown", e);
      return 0;
    }
  }

  /**
   * Writes the index when it has doubled, so that all these copies together cost no more than the
   * last.
   */
  private void indexIfWorthwhile() {
    Writing open = writing;
    if (open != null
        && state.index().revisionCount()
            >= Math.max(StoreOpening.MIN_INDEXED_REVISIONS, 2 * open.indexedRevisions().get())) {
      writeIndex(open);
    }
  }

  /** A failure costs time at the next opening and nothing else. */
  private void writeIndex(Writing open) {
    try {
      ObjectIndex index = state.index();
      IndexSnapshot.write(directory, open.log().logId(), open.log().end(), index);
      open.indexedRevisions().set(index.revisionCount());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, directory.describe() + ": the index was not saved", e);
    }
  }

  private static Closeable lock(StorageDirectory directory) throws IOException {
    try {
      return directory.lock();
    } catch (StorageLockedException e) {
      throw new StoreException.Locked(
          directory.describe() + " is in use: " + e.getMessage() + "; end that first", e);
    }
  }

  /** What a pack sees of this store. */
  private final class Packing implements PackableStore {

    @Override
    public StorageDirectory directory() {
      return directory;
    }

    @Override
    public LogReader reader() {
      return reader;
    }

    @Override
    public BlobStore blobs() {
      return blobs;
    }

    @Override
    public ObjectIndex index() {
      requireOpen();
      return state.index();
    }

    @Override
    public Optional<PackDecision> unfinished() {
      return state.unfinished();
    }

    @Override
    public int lastPack() {
      return state.lastPack();
    }

    @Override
    public TransactionId oldestInUse() {
      return state.oldestInUse();
    }

    @Override
    public TransactionId horizon() {
      return state.horizon();
    }

    @Override
    public void setHorizon(TransactionId horizon) {
      state.setHorizon(horizon);
    }

    @Override
    public void betweenCommits(Work work) throws IOException {
      Writing open = requireWriting();
      open.commits().betweenCommits(() -> work.run(open.log()));
    }

    @Override
    public void adopt(PackDecision decision, ObjectIndex packed) {
      state.adopt(decision, packed);
    }

    @Override
    public void saveIndex() throws IOException {
      Writing open = requireWriting();
      directory.delete(IndexSnapshot.NAME);
      directory.sync();
      writeIndex(open);
    }

    @Override
    public void forgetDecision() {
      state.forgetDecision();
    }
  }
}
