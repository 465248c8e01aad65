package org.telosfs.fuse.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as {@code /proc/self/mountinfo} tells (proc(5)). */
final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final int DEVICE_FIELD = 2;
  private static final int WHERE_FIELD = 4;
  private static final int FIRST_OPTIONAL_FIELD = 6;

  private final List<Mounted> mounts;

  private MountTable(List<Mounted> mounts) {
    this.mounts = mounts;
  }

  /** As it is now. */
  static MountTable read() throws IOException {
    return parse(new String(Files.readAllBytes(MOUNTINFO), StandardCharsets.UTF_8));
  }

  /** From the text of mountinfo; lines that are none are left out. */
  static MountTable parse(String text) {
    List<Mounted> mounts = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      int separator = FIRST_OPTIONAL_FIELD;
      while (separator < fields.length && !fields[separator].equals("-")) {
        separator++;
      }
      if (separator + 3 < fields.length) {
        mounts.add(
            new Mounted(
                fields[DEVICE_FIELD],
                unescape(fields[WHERE_FIELD]),
                fields[separator + 1],
                unescape(fields[separator + 2]),
                fields[separator + 3]));
      }
    }
    return new MountTable(mounts);
  }

  /** What is mounted on exactly this directory; the topmost if there are several. */
  Optional<Mounted> on(Path where) {
    Mounted found = null;
    for (Mounted mounted : mounts) {
      if (mounted.where.equals(where.toString())) {
        found = mounted;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Replaces {@code \ooo} by the byte that it stands for. */
  private static String unescape(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] raw = field.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '\\' && isOctal(raw, i + 1) && isOctal(raw, i + 2) && isOctal(raw, i + 3)) {
        bytes.write((raw[i + 1] - '0') << 6 | (raw[i + 2] - '0') << 3 | (raw[i + 3] - '0'));
        i += 3;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isOctal(byte[] raw, int at) {
    return at < raw.length && raw[at] >= '0' && raw[at] <= '7';
  }

  /**
   * One mount.
   *
   * @param device {@code major:minor}
   * @param type for instance {@code fuse.telosfs}
   * @param options of the filesystem, with commas
   */
  record Mounted(String device, String where, String type, String source, String options) {
    /** The value of an option {@code name=value}. */
    Optional<String> option(String name) {
      for (String option : options.split(",", -1)) {
        if (option.startsWith(name + "=")) {
          return Optional.of(option.substring(name.length() + 1));
        }
      }
      return Optional.empty();
    }
  }
}
