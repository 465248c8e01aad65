package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;

/**
 * A flat directory of files. Names are plain: no separators, no {@code .} or {@code ..}.
 *
 * <p>What is promised about a loss of power: a file's bytes survive once {@link AppendFile#sync}
 * has returned after they were appended; that a file exists, is gone or has another name survives
 * once {@link #sync} has returned. What was not synced survives in part, wholly, or not at all; a
 * rename survives wholly or not at all.
 *
 * <p>Any number of threads may use it.
 */
public interface StorageDirectory {

  /** The names of all files, sorted. */
  List<String> list() throws IOException;

  /**
   * Makes an empty file.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  AppendFile create(String name) throws IOException;

  /**
   * Opens a file to append to it.
   *
   * @throws FileNotFoundException if there is none of that name
   */
  AppendFile append(String name) throws IOException;

  /**
   * Opens a file to read it; it may grow meanwhile.
   *
   * @throws FileNotFoundException if there is none of that name
   */
  ReadFile read(String name) throws IOException;

  /** Gives a file a new name, in place of the file that had it, in one step. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file; none of that name is not an error. */
  void delete(String name) throws IOException;

  /** Makes creations, renames and deletions survive a loss of power. */
  void sync() throws IOException;

  /**
   * Claims the directory for one writer until the lock is closed or the process ends.
   *
   * @throws StorageLockedException if it is claimed already, by this process or another
   */
  Closeable lock() throws IOException;

  /**
   * A directory within this one, which need not exist: it has no files then, and is made when the
   * first is made in it. Nobody but the owner can read what is in it.
   */
  default StorageDirectory directory(String name) {
    return new PrefixedDirectory(this, name + "/");
  }

  /** Where it is, for messages. */
  String describe();
}
