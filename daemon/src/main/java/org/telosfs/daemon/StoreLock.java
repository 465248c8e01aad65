package org.telosfs.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive use of a store. The kernel gives it back when the process dies, so that whatever
 * else lies in {@code run/} is stale once the lock is held.
 */
public final class StoreLock implements Closeable {
  private final FileChannel channel;
  private final StoreLayout store;

  private StoreLock(FileChannel channel, StoreLayout store) {
    this.channel = channel;
    this.store = store;
  }

  /**
   * Takes the lock, or refuses at once.
   *
   * @throws Refusal LOCKED if somebody has it, with the process's number where it is known
   */
  public static StoreLock acquire(StoreLayout store) throws IOException {
    if (!Files.isDirectory(store.run())) {
      Files.createDirectory(
          store.run(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(store.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new Refusal(
          ExitCode.LOCKED,
          store.directory()
              + " is in use by process "
              + holder(store).map(String::valueOf).orElse("(unknown)")
              + "; end it with: telosfs umount "
              + store.directory());
    }
    Files.writeString(store.pid(), ProcessHandle.current().pid() + "\n");
    return new StoreLock(channel, store);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ownProcess) {
      return null;
    }
  }

  /** The process that has, or last had, the store. */
  static Optional<Long> holder(StoreLayout store) {
    try {
      return Optional.of(Long.parseLong(Files.readString(store.pid()).strip()));
    } catch (IOException | NumberFormatException unknown) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Path pid = store.pid();
      Files.deleteIfExists(pid);
    } finally {
      channel.close();
    }
  }
}
