package org.telosfs.image;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.telosfs.vfs.FileHandle;

/** What was opened, each as the state showed it then. */
final class OpenContents<T> {

  private final Map<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong lastHandle = new AtomicLong();

  FileHandle add(T content) {
    long handle = lastHandle.incrementAndGet();
    open.put(handle, content);
    return new FileHandle(handle);
  }

  Optional<T> get(FileHandle handle) {
    return Optional.ofNullable(open.get(handle.value()));
  }

  /** What it was; empty if there was none. */
  Optional<T> remove(FileHandle handle) {
    return Optional.ofNullable(open.remove(handle.value()));
  }

  int size() {
    return open.size();
  }
}
