package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.telosfs.pjdfstest.syscall.Errno;
import org.telosfs.pjdfstest.syscall.LinuxException;

/** What a file system says it cannot do at all; found by trying each optional kind once. */
final class Probe {
  private static final int MAX_BYTES = 8 * Operation.BLOCK_BYTES;

  private Probe() {}

  /**
   * Each kind with its refusal. Whatever else goes wrong is not judged here: the run meets it, too.
   */
  static Map<Kind, String> refused(FilePair.Source source) throws IOException {
    Map<Kind, String> refused = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.optional()) {
        try (FilePair files = source.make()) {
          tryOnce(files, kind);
        } catch (Mismatch mismatch) {
          if (kind == Kind.SEEK_UNSYNCED) {
            refused.put(kind, "SEEK_DATA passes over data that only a mapping has");
          } else if (mismatch.getCause() instanceof LinuxException refusal
              && isRefusal(kind, refusal)) {
            refused.put(kind, String.valueOf(refusal.getMessage()));
          }
        }
      }
    }
    return refused;
  }

  private static void tryOnce(FilePair files, Kind kind) throws Mismatch {
    Set<Kind> nothing = EnumSet.noneOf(Kind.class);
    Exerciser exerciser = new Exerciser(files, MAX_BYTES, 0, nothing);
    Kind content = kind == Kind.SEEK_UNSYNCED ? Kind.WRITE_MAPPED : Kind.WRITE;
    exerciser.perform(operation(1, content, 0, 4));
    exerciser.perform(operation(2, content, 1, 4));
    exerciser.perform(operation(3, kind, 0, 1));
  }

  private static Operation operation(long number, Kind kind, int file, int blocks) {
    int length = blocks * Operation.BLOCK_BYTES;
    return new Operation(number, kind, file, 0, false, length, 1 - file, 0);
  }

  private static boolean isRefusal(Kind kind, LinuxException refusal) {
    long answer = refusal.answer();
    return switch (kind) {
      case READ_DIRECT, WRITE_DIRECT -> Errno.EINVAL.is(answer);
      case READ_MAPPED, WRITE_MAPPED, WRITE_MAPPED_SYNC -> Errno.ENODEV.is(answer);
      case CLONE, CLONE_RANGE -> Errno.EOPNOTSUPP.is(answer) || Errno.ENOTTY.is(answer);
      default -> Errno.EOPNOTSUPP.is(answer) || Errno.ENOSYS.is(answer);
    };
  }
}
