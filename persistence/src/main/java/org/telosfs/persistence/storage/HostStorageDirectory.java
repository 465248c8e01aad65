package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of this machine's filesystem. */
public final class HostStorageDirectory implements StorageDirectory {

  private static final String LOCK_NAME = "lock";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;

  /** The one it lies within, if it is made when it is needed; null if it exists. */
  private final @Nullable HostStorageDirectory outer;

  private volatile boolean made;

  /** The directory must exist. */
  public HostStorageDirectory(Path directory) {
    this(directory, null);
  }

  private HostStorageDirectory(Path directory, @Nullable HostStorageDirectory outer) {
    this.directory = directory;
    this.outer = outer;
  }

  @Override
  public StorageDirectory directory(String name) {
    return new HostStorageDirectory(resolve(name), this);
  }

  @Override
  public List<String> list() throws IOException {
    if (missing()) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public AppendFile create(String name) throws IOException {
    if (outer == null) {
      return HostAppendFile.create(resolve(name));
    }
    make(outer);
    return HostAppendFile.create(resolve(name), PRIVATE_FILE);
  }

  private void make(HostStorageDirectory within) throws IOException {
    if (made) {
      return;
    }
    try {
      Files.createDirectory(directory, PRIVATE_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      if (missing()) {
        throw e;
      }
    }
    within.sync();
    made = true;
  }

  private boolean missing() {
    return outer != null && !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
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
    if (missing()) {
      return;
    }
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
