package org.telosfs.persistence.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A directory in memory. As in a real one, a deleted or replaced file stays readable for those who
 * have it open.
 */
public final class MemoryStorageDirectory implements StorageDirectory {

  @GuardedBy("this")
  private final Map<String, MemoryFile> files = new TreeMap<>();

  @GuardedBy("this")
  private boolean locked;

  /** A copy of all files as they are now, and without a lock. */
  public synchronized MemoryStorageDirectory copy() {
    MemoryStorageDirectory copy = new MemoryStorageDirectory();
    files.forEach((name, file) -> copy.put(name, file.content()));
    return copy;
  }

  /** Makes or replaces a file. */
  public synchronized void put(String name, byte[] content) {
    files.put(name, new MemoryFile(content.clone()));
  }

  /** A file's bytes. */
  public byte[] content(String name) throws FileNotFoundException {
    return file(name).content();
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized AppendFile create(String name) throws IOException {
    MemoryFile file = new MemoryFile(new byte[0]);
    if (files.putIfAbsent(name, file) != null) {
      throw new FileAlreadyExistsException(name);
    }
    return file.appender();
  }

  @Override
  public AppendFile append(String name) throws IOException {
    return file(name).appender();
  }

  @Override
  public ReadFile read(String name) throws IOException {
    return file(name).reader();
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    files.put(to, file(from));
    if (!from.equals(to)) {
      files.remove(from);
    }
  }

  @Override
  public synchronized void delete(String name) {
    files.remove(name);
  }

  @Override
  public void sync() {}

  @Override
  public synchronized Closeable lock() throws IOException {
    if (locked) {
      throw new StorageLockedException(describe() + " is held by this process");
    }
    locked = true;
    return this::unlock;
  }

  private synchronized void unlock() {
    locked = false;
  }

  @Override
  public String describe() {
    return "memory";
  }

  private synchronized MemoryFile file(String name) throws FileNotFoundException {
    MemoryFile file = files.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  private static final class MemoryFile {

    @GuardedBy("this")
    private byte[] bytes;

    @GuardedBy("this")
    private int size;

    MemoryFile(byte[] bytes) {
      this.bytes = bytes;
      this.size = bytes.length;
    }

    synchronized byte[] content() {
      return Arrays.copyOf(bytes, size);
    }

    synchronized int size() {
      return size;
    }

    /** Returns where it ends. */
    synchronized int write(ByteBuffer added, int at) {
      int end = Math.addExact(at, added.remaining());
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(bytes.length * 2L, 1 << 30)));
      }
      added.get(bytes, at, added.remaining());
      size = Math.max(size, end);
      return end;
    }

    synchronized void truncate(long newSize) {
      if (newSize < size) {
        size = (int) newSize;
      }
    }

    synchronized int read(ByteBuffer into, long offset) {
      int count = (int) Math.max(0, Math.min(into.remaining(), size - offset));
      if (count > 0) {
        into.put(bytes, (int) offset, count);
      }
      return count;
    }

    AppendFile appender() {
      return new AppendFile() {
        private int end = size();

        @Override
        public long sizeBytes() {
          return end;
        }

        @Override
        public void append(ByteBuffer added) {
          end = write(added, end);
        }

        @Override
        public void reserve(int bytes) {
          write(ByteBuffer.allocate(bytes), end);
        }

        @Override
        public void truncate(long newSize) {
          MemoryFile.this.truncate(newSize);
          end = size();
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
      };
    }

    ReadFile reader() {
      return new ReadFile() {
        @Override
        public long sizeBytes() {
          return size();
        }

        @Override
        public int read(ByteBuffer into, long offsetBytes) {
          return MemoryFile.this.read(into, offsetBytes);
        }

        @Override
        public void close() {}
      };
    }
  }
}
