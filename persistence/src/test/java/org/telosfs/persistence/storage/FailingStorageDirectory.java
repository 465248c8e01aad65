package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses chosen appends (reserving is one too), syncs and renames; a refused append leaves half of
 * its bytes behind, as a full disk does, and a rename may be refused although it was done, as by a
 * server whose answer was lost.
 */
public final class FailingStorageDirectory implements StorageDirectory {

  private final StorageDirectory directory;
  private final AtomicInteger appendsUntilFailure = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger syncsUntilFailure = new AtomicInteger(Integer.MAX_VALUE);

  private final AtomicInteger directorySyncsUntilFailure = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger renamesUntilFailure = new AtomicInteger(Integer.MAX_VALUE);
  private volatile Refused refusedRename = Refused.NOT_DONE;

  /** What has become of a rename that was answered with a failure. */
  public enum Refused {
    NOT_DONE,
    DONE
  }

  public FailingStorageDirectory(StorageDirectory directory) {
    this.directory = directory;
  }

  /** The next append but so many fails, once. */
  public void failAppendAfter(int appends) {
    appendsUntilFailure.set(appends);
  }

  /** The next sync of a file but so many fails, once. */
  public void failSyncAfter(int syncs) {
    syncsUntilFailure.set(syncs);
  }

  /** The next sync of the directory, or of one within it, but so many fails, once. */
  public void failDirectorySyncAfter(int syncs) {
    directorySyncsUntilFailure.set(syncs);
  }

  /** The next rename but so many fails, once. */
  public void failRenameAfter(int renames, Refused refused) {
    refusedRename = refused;
    renamesUntilFailure.set(renames);
  }

  /** Whether the failure that was asked for has happened. */
  public boolean appendFailed() {
    return appendsUntilFailure.get() < 0;
  }

  /** Whether the failure that was asked for has happened. */
  public boolean directorySyncFailed() {
    return directorySyncsUntilFailure.get() < 0;
  }

  /** Whether the failure that was asked for has happened. */
  public boolean renameFailed() {
    return renamesUntilFailure.get() < 0;
  }

  @Override
  public List<String> list() throws IOException {
    return directory.list();
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return new FailingFile(directory.create(name));
  }

  @Override
  public AppendFile append(String name) throws IOException {
    return new FailingFile(directory.append(name));
  }

  @Override
  public ReadFile read(String name) throws IOException {
    return directory.read(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    boolean refused = renamesUntilFailure.getAndDecrement() == 0;
    if (!refused || refusedRename == Refused.DONE) {
      directory.rename(from, to);
    }
    if (refused) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void delete(String name) throws IOException {
    directory.delete(name);
  }

  @Override
  public void sync() throws IOException {
    if (directorySyncsUntilFailure.getAndDecrement() == 0) {
      throw new IOException("Input/output error");
    }
    directory.sync();
  }

  @Override
  public Closeable lock() throws IOException {
    return directory.lock();
  }

  @Override
  public String describe() {
    return "failing " + directory.describe();
  }

  private final class FailingFile implements AppendFile {
    private final AppendFile file;

    FailingFile(AppendFile file) {
      this.file = file;
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      if (appendsUntilFailure.getAndDecrement() == 0) {
        file.append(bytes.slice(bytes.position(), bytes.remaining() / 2));
        throw new IOException("No space left on device");
      }
      file.append(bytes);
    }

    @Override
    public void reserve(int bytes) throws IOException {
      if (appendsUntilFailure.getAndDecrement() == 0) {
        file.reserve(bytes / 2);
        throw new IOException("No space left on device");
      }
      file.reserve(bytes);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      file.truncate(sizeBytes);
    }

    @Override
    public void sync() throws IOException {
      if (syncsUntilFailure.getAndDecrement() == 0) {
        throw new IOException("Input/output error");
      }
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
