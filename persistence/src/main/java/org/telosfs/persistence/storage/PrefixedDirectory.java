package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** A directory whose files are those of another one with a prefix to their names. */
final class PrefixedDirectory implements StorageDirectory {

  private final StorageDirectory directory;
  private final String prefix;

  PrefixedDirectory(StorageDirectory directory, String prefix) {
    this.directory = directory;
    this.prefix = prefix;
  }

  @Override
  public List<String> list() throws IOException {
    return directory.list().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return directory.create(prefix + name);
  }

  @Override
  public AppendFile append(String name) throws IOException {
    return directory.append(prefix + name);
  }

  @Override
  public ReadFile read(String name) throws IOException {
    return directory.read(prefix + name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    directory.rename(prefix + from, prefix + to);
  }

  @Override
  public void delete(String name) throws IOException {
    directory.delete(prefix + name);
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
    return directory.describe() + "/" + prefix;
  }
}
