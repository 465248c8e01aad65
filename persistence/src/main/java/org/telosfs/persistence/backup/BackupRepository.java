package org.telosfs.persistence.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.blob.BlobStore;
import org.telosfs.persistence.log.SegmentArchive;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/** The backups of one store. */
public final class BackupRepository {

  static final String UNFINISHED = ".tmp";
  private static final int COPY_BYTES = 256 * 1024;

  private static final String BLOBS = BlobStore.DIRECTORY + "/";

  private final StorageDirectory directory;

  public BackupRepository(StorageDirectory directory) {
    this.directory = directory;
  }

  /** All backups, oldest first. */
  public List<BackupManifest> backups() throws IOException {
    List<BackupManifest> backups = new ArrayList<>();
    for (String name : directory.list()) {
      if (name.startsWith(BackupManifest.PREFIX) && !name.endsWith(UNFINISHED)) {
        try (ReadFile file = directory.read(name)) {
          ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
          file.read(bytes, 0);
          backups.add(BackupManifest.decode(name, bytes.array()));
        }
      }
    }
    return backups;
  }

  /**
   * The backup from which a state can be restored: the oldest that reaches up to it.
   *
   * @throws StoreException.NotOurs if there is no backup at all
   * @throws StoreException.PackedAway if no backup has that state whole
   */
  public BackupManifest reaching(TransactionId wanted) throws IOException {
    List<BackupManifest> backups = backups();
    if (backups.isEmpty()) {
      throw new StoreException.NotOurs(directory.describe() + " holds no backup");
    }
    for (BackupManifest backup : backups) {
      if (backup.newest().compareTo(wanted) >= 0 && backup.horizon().compareTo(wanted) <= 0) {
        return backup;
      }
    }
    BackupManifest last = backups.get(backups.size() - 1);
    if (last.newest().compareTo(wanted) < 0) {
      return last;
    }
    throw new StoreException.PackedAway("the state at " + wanted + " is in no backup; it");
  }

  /**
   * Reads everything that a backup needs and holds it against its hashes.
   *
   * @return what is wrong; empty if it can be restored
   */
  public List<String> verify(BackupManifest backup) throws IOException {
    List<String> found = new ArrayList<>();
    for (BackupManifest.Entry entry : backup.entries()) {
      try {
        requireContent(entry, new Sha256());
      } catch (IOException e) {
        found.add(backup.fileName() + ", " + entry.name() + ": " + e.getMessage());
      }
    }
    return found;
  }

  /**
   * Makes the store's log in an empty directory as it was at that transaction.
   *
   * @throws StoreException.Damaged if the backup is not what was written; nothing is left behind
   */
  public void restore(BackupManifest backup, TransactionId newest, StorageDirectory into)
      throws IOException {
    if (!into.list().isEmpty()) {
      throw new IOException(into.describe() + " is not empty; nothing was restored");
    }
    try {
      for (BackupManifest.Entry entry : backup.entries()) {
        Sha256 hash = new Sha256();
        try (AppendFile file = create(into, entry.name())) {
          requireContent(entry, new Both(file, hash), hash);
          file.sync();
        }
      }
      if (newest.compareTo(backup.newest()) < 0) {
        SegmentArchive.cut(into, newest);
      }
      into.directory(BlobStore.DIRECTORY).sync();
      into.sync();
    } catch (IOException e) {
      deleteAll(into.directory(BlobStore.DIRECTORY));
      deleteAll(into);
      throw e;
    }
  }

  private static void deleteAll(StorageDirectory directory) throws IOException {
    for (String name : directory.list()) {
      directory.delete(name);
    }
  }

  /** A file of a store, which may lie in its directory of blobs. */
  static ReadFile read(StorageDirectory store, String name) throws IOException {
    return place(store, name).read(plain(name));
  }

  private static AppendFile create(StorageDirectory store, String name) throws IOException {
    return place(store, name).create(plain(name));
  }

  private static StorageDirectory place(StorageDirectory store, String name) {
    return name.startsWith(BLOBS) ? store.directory(BlobStore.DIRECTORY) : store;
  }

  private static String plain(String name) {
    return name.startsWith(BLOBS) ? name.substring(BLOBS.length()) : name;
  }

  boolean holds(BackupManifest.Entry entry) throws IOException {
    List<String> names = directory.list();
    return names.contains(entry.stored())
        && (entry.older() == null || names.contains(BackupManifest.Entry.whole(entry.older())));
  }

  /** Keeps bytes under the name of their hash. */
  String keep(ReadFile source, long sizeBytes) throws IOException {
    String unfinished = "file" + UNFINISHED;
    directory.delete(unfinished);
    Sha256 hash = new Sha256();
    try (AppendFile file = directory.create(unfinished)) {
      copy(source, sizeBytes, new Both(file, hash));
      file.sync();
    }
    String sha256 = hash.hex();
    directory.rename(unfinished, BackupManifest.Entry.whole(sha256));
    return sha256;
  }

  /** Keeps the frame of a packed segment whose hash is known. */
  void keepFrame(BackupManifest.Entry entry, ByteBuffer frame) throws IOException {
    put(entry.stored(), frame);
  }

  /** The backup exists when this returns. */
  void keep(BackupManifest manifest) throws IOException {
    put(manifest.fileName(), ByteBuffer.wrap(manifest.encode()));
    directory.sync();
  }

  static void copy(ReadFile source, long sizeBytes, AppendFile into) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    for (long at = 0; at < sizeBytes; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(COPY_BYTES, sizeBytes - at));
      if (source.read(buffer, at) < buffer.limit()) {
        throw new IOException("a file ends before byte " + sizeBytes);
      }
      into.append(buffer.flip());
    }
  }

  private void put(String name, ByteBuffer bytes) throws IOException {
    directory.delete(name + UNFINISHED);
    try (AppendFile file = directory.create(name + UNFINISHED)) {
      file.append(bytes);
      file.sync();
    }
    directory.sync();
    directory.rename(name + UNFINISHED, name);
  }

  private void requireContent(BackupManifest.Entry entry, Sha256 hash) throws IOException {
    requireContent(entry, hash, hash);
  }

  private void requireContent(BackupManifest.Entry entry, AppendFile into, Sha256 hash)
      throws IOException {
    try (ReadFile stored = directory.read(entry.stored())) {
      if (entry.older() == null) {
        copy(stored, stored.sizeBytes(), into);
      } else {
        try (ReadFile older = directory.read(BackupManifest.Entry.whole(entry.older()))) {
          SegmentArchive.rebuild(stored, older, entry.name(), into);
        }
      }
    }
    String found = hash.hex();
    if (!found.equals(entry.sha256())) {
      throw new StoreException.Damaged(
          entry.name(), 0, List.of(), "the copy has SHA-256 " + found + ", not " + entry.sha256());
    }
  }

  /** What is in the repository of a segment already, as the last backup that names it says. */
  Optional<BackupManifest.Entry> last(List<BackupManifest> backups, String name) {
    for (int at = backups.size() - 1; at >= 0; at--) {
      for (BackupManifest.Entry entry : backups.get(at).entries()) {
        if (entry.name().equals(name) && !entry.identity().equals("-")) {
          return Optional.of(entry);
        }
      }
    }
    return Optional.empty();
  }

  private record Both(AppendFile file, AppendFile hash) implements AppendFile {

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      hash.append(bytes.duplicate());
      file.append(bytes);
    }

    @Override
    public void truncate(long sizeBytes) {
      throw new UnsupportedOperationException("a copy only grows");
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
