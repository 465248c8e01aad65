package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory of this machine's filesystem. */
public final class HostStorageDirectory implements StorageDirectory {

  private static final String LOCK_NAME = "lock";

  private final Path directory;

  /** The directory must exist. */
  public HostStorageDirectory(Path directory) {
    this.directory = directory;
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return HostAppendFile.create(resolve(name));
  }

  @Override
  public AppendFile append(String name) throws IOException {
    try {
      return new HostAppendFile(resolve(name));
    } catch (NoSuchFileException e) {
      throw notFound(e);
    }
  }

  @Override
  public ReadFile read(String name) throws IOException {
    try {
      return new HostReadFile(resolve(name));
    } catch (NoSuchFileException e) {
      throw notFound(e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(resolve(name));
  }

  @Override
  public void sync() throws IOException {
    try (AsynchronousFileChannel channel = // one that an interrupt does not close
        AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Closeable lock() throws IOException {
    Path file = resolve(LOCK_NAME);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new StorageLockedException(file + " is held by another process");
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new StorageLockedException(file + " is held by this process");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public String describe() {
    return directory.toString();
  }

  private Path resolve(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a plain file name: '" + name + "'");
    }
    return directory.resolve(name);
  }

  private static FileNotFoundException notFound(NoSuchFileException e) {
    FileNotFoundException failure = new FileNotFoundException(e.getFile());
    failure.initCause(e);
    return failure;
  }
}
