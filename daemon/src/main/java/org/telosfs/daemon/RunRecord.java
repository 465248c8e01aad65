package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user's daemon says of itself, so that commands find it by a mount point.
 *
 * @param control its control socket
 * @param mounts its mount points
 */
public record RunRecord(long pid, Path control, List<Path> mounts) {
  private static final String END = "\0";

  public RunRecord {
    mounts = List.copyOf(mounts);
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** One path after the other, each ended by the byte that none can hold, and an empty one. */
  void writeTo(Path file) throws IOException {
    StringBuilder text = new StringBuilder().append(control).append(END);
    for (Path mount : mounts) {
      text.append(mount).append(END);
    }
    Files.writeString(file, text.append(END));
  }

  /** Whether the file is named like a record. */
  static boolean isOne(Path file) {
    return String.valueOf(file.getFileName()).matches("[1-9][0-9]{0,9}");
  }

  /** From a file that {@link #isOne}; null if it is half written. */
  static @Nullable RunRecord readFrom(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    String text = Files.readString(file);
    if (!text.endsWith(END + END)) {
      return null;
    }
    List<Path> paths = new ArrayList<>();
    for (String path : text.substring(0, text.length() - (END + END).length()).split(END, -1)) {
      paths.add(Path.of(path));
    }
    return new RunRecord(Long.parseLong(name), paths.get(0), paths.subList(1, paths.size()));
  }
}
