package org.telosfs.persistence.blob;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.StorageDirectory;

/** The blobs of a store: a directory beside the log. Any number of threads may use it. */
public final class BlobStore {

  /** The directory within the store's. */
  public static final String DIRECTORY = "blobs";

  private static final System.Logger LOG = System.getLogger(BlobStore.class.getName());

  private final StorageDirectory directory;
  private final Map<UUID, BlobUpload> uploads = new ConcurrentHashMap<>();

  public BlobStore(StorageDirectory store) {
    this.directory = store.directory(DIRECTORY);
  }

  /** A blob's file. */
  public record Entry(ObjectId object, TransactionId transaction) {

    /** Within the directory of blobs. */
    public String fileName() {
      return new BlobFormat.Name(object, transaction).fileName();
    }
  }

  public BlobWriter newBlob() throws IOException {
    return newBlob(UUID.randomUUID());
  }

  BlobWriter newBlob(UUID id) throws IOException {
    BlobUpload upload = new BlobUpload(this, directory, id);
    uploads.put(upload.id(), upload);
    return upload;
  }

  void forget(BlobUpload upload) {
    uploads.remove(upload.id());
  }

  /** Whether that is a blob which was finished here and has not been linked or thrown away. */
  public boolean waits(Blob blob) {
    BlobUpload upload = uploads.get(blob.id());
    return upload != null && blob.equals(upload.finished());
  }

  /** Gives blobs their lasting names, all of them or none. */
  public final class Linking {
    private final TransactionId transaction;
    private final List<BlobUpload> linked = new ArrayList<>();
    private final List<ObjectId> objects = new ArrayList<>();

    private Linking(TransactionId transaction) {
      this.transaction = transaction;
    }

    /**
     * What the object links from now on: a blob of its own, or a new one, which becomes its own.
     *
     * @throws StoreException.NotCommitted if it is neither
     */
    public Blob link(ObjectId object, Blob blob) throws StoreException {
      if (blob.linked()) {
        requirePresent(object, blob);
        return blob;
      }
      BlobUpload upload = uploads.get(blob.id());
      try {
        if (upload == null || !upload.link(object, transaction)) {
          throw new StoreException.NotCommitted(
              "blob "
                  + blob.id()
                  + " cannot be linked to object "
                  + object
                  + ": it was thrown away, or another object has it; write it anew",
              null);
        }
      } catch (StoreException e) {
        throw e;
      } catch (IOException e) {
        throw new StoreException.NotCommitted(
            "nothing was committed, a blob could not be named: " + e.getMessage(), e);
      }
      linked.add(upload);
      objects.add(object);
      return blob.linkedBy(transaction);
    }

    /** Makes the names durable. */
    public void sync() throws StoreException.NotCommitted {
      if (linked.isEmpty()) {
        return;
      }
      try {
        directory.sync();
      } catch (IOException e) {
        throw new StoreException.NotCommitted(
            "nothing was committed, blobs could not be made durable: " + e.getMessage(), e);
      }
    }

    /** The transaction is in the log. */
    public void done() {
      linked.forEach(BlobStore.this::forget);
    }

    /** The transaction does not exist, and the blobs wait for another one. */
    public void takeBack() {
      for (int at = 0; at < linked.size(); at++) {
        try {
          linked.get(at).unlink(objects.get(at), transaction);
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, "a blob that nobody links stays until a pack", e);
        }
      }
    }
  }

  /** Begins to link what a transaction links. */
  public Linking linking(TransactionId transaction) {
    return new Linking(transaction);
  }

  private void requirePresent(ObjectId object, Blob blob) throws StoreException {
    try (BlobReader found = open(object, blob)) {
      if (found.blob().equals(blob)) {
        return;
      }
    } catch (IOException e) {
      throw new StoreException.NotCommitted(
          "blob " + blob.id() + " of object " + object + " cannot be linked again: " + e, e);
    }
    throw new StoreException.NotCommitted(
        "object " + object + " has no blob " + blob.id() + " to link again", null);
  }

  /**
   * Opens a blob that a revision of the object links.
   *
   * @throws StoreException.Damaged if it is missing or another one lies in its place
   */
  public BlobReader open(ObjectId object, Blob blob) throws IOException {
    BlobFile file = openFile(new BlobFormat.Name(object, blob.transaction()));
    if (!file.blob().equals(blob)) {
      file.close();
      throw BlobFormat.damaged(
          new Entry(object, blob.transaction()).fileName(), 0, "another blob lies in its place");
    }
    return file;
  }

  private BlobFile openFile(BlobFormat.Name name) throws IOException {
    try {
      return BlobFile.open(directory.read(name.fileName()), name);
    } catch (FileNotFoundException e) {
      StoreException.Damaged missing =
          BlobFormat.damaged(name.fileName(), 0, "the blob is missing");
      missing.addSuppressed(e);
      throw missing;
    }
  }

  /** Reads all of a blob that a revision of the object links, and holds it against its hash. */
  public void verify(ObjectId object, Blob blob) throws IOException {
    try (BlobReader reader = open(object, blob)) {
      if (reader instanceof BlobFile file) {
        file.verify();
      }
    }
  }

  /** All blobs that have a lasting name. */
  public List<Entry> entries() throws IOException {
    return directory.list().stream()
        .map(BlobFormat.Name::of)
        .flatMap(Optional::stream)
        .map(name -> new Entry(name.object(), name.transaction()))
        .toList();
  }

  /** The SHA-256 of a blob's content, as its trailer has it. */
  public ByteString sha256(Entry entry) throws IOException {
    try (BlobFile file = openFile(new BlobFormat.Name(entry.object(), entry.transaction()))) {
      return file.blob().sha256();
    }
  }

  /** The bytes that a blob's file takes. */
  public long fileBytes(Entry entry) throws IOException {
    try (var file = directory.read(entry.fileName())) {
      return file.sizeBytes();
    }
  }

  /**
   * Removes what a crash left: blobs that were not finished, and those whose transaction is not in
   * the log. To be called before anything is written.
   *
   * @param newest the newest transaction there ever was
   */
  public void removeOrphans(TransactionId newest) throws IOException {
    int removed = 0;
    for (String name : directory.list()) {
      boolean unlinked =
          BlobFormat.Name.of(name)
              .map(known -> known.transaction().compareTo(newest) > 0)
              .orElse(name.endsWith(BlobFormat.UNFINISHED));
      if (unlinked) {
        directory.delete(name);
        removed++;
      }
    }
    if (removed > 0) {
      directory.sync();
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: {1} blobs removed that no transaction links",
          directory.describe(),
          removed);
    }
  }

  /** Removes blobs that nobody links any more; who has one open goes on reading it. */
  public void remove(List<Entry> gone) throws IOException {
    for (Entry entry : gone) {
      directory.delete(entry.fileName());
    }
    directory.sync();
  }
}
