package org.telosfs.persistence.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.log.LogEnd;
import org.telosfs.persistence.log.LogReader;
import org.telosfs.persistence.log.SegmentArchive;
import org.telosfs.persistence.pack.PackDecision;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * One backup of a store that goes on being written. What the repository has is not copied again,
 * and not even read. Of a segment that was packed since, only the frame is copied: its records are
 * in the older copy.
 */
public final class StoreBackup {

  private final StorageDirectory store;
  private final LogReader reader;
  private final BackupRepository repository;
  private final List<BackupManifest> before;
  private int filesCopied;
  private long bytesCopied;

  /** What a backup did. */
  public record Report(
      BackupManifest backup, int files, long bytes, int filesCopied, long bytesCopied) {}

  private StoreBackup(StorageDirectory store, LogReader reader, BackupRepository repository)
      throws IOException {
    this.store = store;
    this.reader = reader;
    this.repository = repository;
    this.before = repository.backups();
  }

  /**
   * Backs up what is durable up to a place. No pack may run meanwhile.
   *
   * @param manifest names log, newest transaction and horizon; its entries are ignored
   */
  public static Report run(
      StorageDirectory store,
      LogReader reader,
      BlobStore blobs,
      LogEnd end,
      BackupManifest manifest,
      BackupRepository repository)
      throws IOException {
    StoreBackup backup = new StoreBackup(store, reader, repository);
    for (BackupManifest other : backup.before) {
      if (!other.logId().equals(manifest.logId())) {
        throw new StoreException.NotOurs(
            "the repository holds backups of another store, " + other.logId());
      }
    }
    List<BackupManifest.Entry> entries = new ArrayList<>();
    for (int number = 1; number < end.segment(); number++) {
      entries.add(backup.segment(number));
    }
    entries.add(backup.copied(SegmentArchive.fileName(end.segment()), end.offsetBytes(), "-"));
    for (BlobStore.Entry entry : blobs.entries()) {
      if (entry.transaction().compareTo(manifest.newest()) <= 0) {
        entries.add(backup.blob(entry, blobs.sha256(entry)));
      }
    }
    if (store.list().contains(PackDecision.NAME)) {
      entries.add(backup.copied(PackDecision.NAME, -1, "-"));
    }
    BackupManifest made =
        new BackupManifest(manifest.logId(), manifest.newest(), manifest.horizon(), entries);
    repository.keep(made);
    return new Report(
        made,
        entries.size(),
        entries.stream().mapToLong(BackupManifest.Entry::sizeBytes).sum(),
        backup.filesCopied,
        backup.bytesCopied);
  }

  private BackupManifest.Entry segment(int number) throws IOException {
    String name = SegmentArchive.fileName(number);
    String identity = SegmentArchive.identity(reader, number);
    Optional<BackupManifest.Entry> last = repository.last(before, name);
    if (last.isPresent() && repository.holds(last.get())) {
      if (last.get().identity().equals(identity)) {
        return last.get();
      }
      Optional<ByteBuffer> frame = SegmentArchive.frame(reader, number);
      if (frame.isPresent()) {
        return framed(name, identity, frame.get(), last.get());
      }
    }
    return copied(name, -1, identity);
  }

  /** A blob never changes, and its identity is the hash of its content. */
  private BackupManifest.Entry blob(BlobStore.Entry entry, ByteString sha256) throws IOException {
    String name = BlobStore.DIRECTORY + "/" + entry.fileName();
    String identity = "b" + HexFormat.of().formatHex(sha256.toByteArray());
    Optional<BackupManifest.Entry> last = repository.last(before, name);
    return last.isPresent()
            && last.get().identity().equals(identity)
            && repository.holds(last.get())
        ? last.get()
        : copied(name, -1, identity);
  }

  private BackupManifest.Entry framed(
      String name, String identity, ByteBuffer frame, BackupManifest.Entry last)
      throws IOException {
    Sha256 hash = new Sha256();
    long size;
    try (ReadFile file = store.read(name)) {
      size = file.sizeBytes();
      BackupRepository.copy(file, size, hash);
    }
    String older = last.older() == null ? last.sha256() : last.older();
    BackupManifest.Entry entry = new BackupManifest.Entry(name, size, identity, hash.hex(), older);
    filesCopied++;
    bytesCopied += frame.remaining();
    repository.keepFrame(entry, frame);
    return entry;
  }

  /** Its first bytes; -1 for all. */
  private BackupManifest.Entry copied(String name, long bytes, String identity) throws IOException {
    try (ReadFile file = BackupRepository.read(store, name)) {
      long size = bytes < 0 ? file.sizeBytes() : bytes;
      filesCopied++;
      bytesCopied += size;
      return new BackupManifest.Entry(name, size, identity, repository.keep(file, size), null);
    }
  }
}
