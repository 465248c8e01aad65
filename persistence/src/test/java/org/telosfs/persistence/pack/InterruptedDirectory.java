package org.telosfs.persistence.pack;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/** Does something once before a chosen read of the thread that asked for it. */
final class InterruptedDirectory implements StorageDirectory {

  /** What comes in between. */
  interface Action {
    void run() throws IOException;
  }

  private final StorageDirectory directory;
  private volatile Thread thread = Thread.currentThread();
  private Action action = () -> {};
  private int readsLeft = -1;

  InterruptedDirectory(StorageDirectory directory) {
    this.directory = directory;
  }

  /** Before the next read of this thread but so many. */
  void before(int reads, Action what) {
    thread = Thread.currentThread();
    action = what;
    readsLeft = reads;
  }

  private void reading() throws IOException {
    if (Thread.currentThread() == thread && readsLeft-- == 0) {
      action.run();
    }
  }

  @Override
  public List<String> list() throws IOException {
    return directory.list();
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return directory.create(name);
  }

  @Override
  public AppendFile append(String name) throws IOException {
    return directory.append(name);
  }

  @Override
  public ReadFile read(String name) throws IOException {
    ReadFile file = directory.read(name);
    return new ReadFile() {
      @Override
      public long sizeBytes() throws IOException {
        return file.sizeBytes();
      }

      @Override
      public int read(ByteBuffer into, long offsetBytes) throws IOException {
        reading();
        return file.read(into, offsetBytes);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    directory.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    directory.delete(name);
  }

  @Override
  public void sync() throws IOException {
    directory.sync();
  }

  @Override
  public Closeable lock() throws IOException {
    return directory.lock();
  }

  @Override
  public String describe() {
    return directory.describe();
  }
}
