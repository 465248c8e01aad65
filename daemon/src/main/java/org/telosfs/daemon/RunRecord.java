package org.telosfs.daemon;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a user's daemon says of itself, so that commands find it by a mount point.
 *
 * @param control its control socket
 * @param mounts its mount points
 */
public record RunRecord(long pid, Path control, List<Path> mounts) {
  private static final String CONTROL = "control";
  private static final String MOUNT = "mount.";

  public RunRecord {
    mounts = List.copyOf(mounts);
  }

  boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  void writeTo(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty(CONTROL, control.toString());
    for (int i = 0; i < mounts.size(); i++) {
      properties.setProperty(MOUNT + i, mounts.get(i).toString());
    }
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  /** Whether the file is named like a record. */
  static boolean isOne(Path file) {
    return String.valueOf(file.getFileName()).matches("[1-9][0-9]{0,9}");
  }

  /** From a file that {@link #isOne}; null if it is half written. */
  static @Nullable RunRecord readFrom(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    String control = properties.getProperty(CONTROL);
    if (control == null) {
      return null;
    }
    List<Path> mounts = new ArrayList<>();
    for (String at = properties.getProperty(MOUNT + 0); at != null; ) {
      mounts.add(Path.of(at));
      at = properties.getProperty(MOUNT + mounts.size());
    }
    return new RunRecord(Long.parseLong(name), Path.of(control), mounts);
  }
}
