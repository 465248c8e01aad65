package org.telosfs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program started with exactly the given environment and one descriptor of ours, which the JDK
 * cannot do. Its error output is kept; ask for that, then for its exit.
 */
final class ChildProcess {
  static final int NO_FD = -1;
  private static final int ERROR_OUTPUT = 2;

  /** More than any C library's {@code posix_spawn_file_actions_t}. */
  private static final int ACTIONS_BYTES = 512;

  private static final int MAX_OUTPUT_BYTES = 4096;
  private static final int KILLED = 128;

  private final NativeCalls calls;
  private final int pid;
  private final DescriptorPair errors;

  private ChildProcess(NativeCalls calls, int pid, DescriptorPair errors) {
    this.calls = calls;
    this.pid = pid;
    this.errors = errors;
  }

  /**
   * Starts {@code program}.
   *
   * @param fd one of our descriptors, or {@link #NO_FD}
   * @param fdThere what it is called there
   */
  static ChildProcess start(
      NativeCalls calls,
      Path program,
      List<String> arguments,
      List<String> environment,
      int fd,
      int fdThere)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(program.toString());
    all.addAll(arguments);
    NativeMemory argv = NativeMemory.strings(calls, all);
    NativeMemory envp = NativeMemory.strings(calls, environment);
    NativeMemory pid = new NativeMemory(calls, Long.BYTES);
    NativeMemory actions = new NativeMemory(calls, ACTIONS_BYTES);
    DescriptorPair errors = DescriptorPair.pipe(calls);
    check(calls, calls.helper().spawnActionsInit(actions.address(0)), program, errors);
    check(
        calls,
        calls.helper().spawnActionsDup2(actions.address(0), errors.second(), ERROR_OUTPUT),
        program,
        errors);
    if (fd != NO_FD) {
      check(
          calls, calls.helper().spawnActionsDup2(actions.address(0), fd, fdThere), program, errors);
    }
    int failure =
        calls
            .helper()
            .posixSpawn(
                pid.address(0),
                program.toString(),
                actions.address(0),
                argv.address(0),
                envp.address(0));
    calls.helper().spawnActionsDestroy(actions.address(0));
    check(calls, failure, program, errors);
    errors.closeSecond();
    return new ChildProcess(calls, pid.getInt(0), errors);
  }

  private static void check(NativeCalls calls, int failure, Path program, DescriptorPair errors)
      throws IOException {
    if (failure != 0) {
      errors.close();
      throw new IOException("cannot start " + program + ": " + calls.describe(failure));
    }
  }

  /** What it said before it closed its error output: one line, without its own name in front. */
  String awaitErrorOutput() {
    NativeMemory chunk = new NativeMemory(calls, MAX_OUTPUT_BYTES);
    StringBuilder text = new StringBuilder();
    while (true) {
      long bytes = calls.read(errors.first(), chunk.address(0), MAX_OUTPUT_BYTES);
      if (bytes > 0) {
        text.append(chunk.text((int) bytes));
      } else if (bytes == 0 || calls.errno() != NativeCalls.EINTR) {
        errors.close();
        return text.toString().strip().replace('\n', ' ').replaceFirst("^[^ ]*fusermount3?: ", "");
      }
    }
  }

  /** Its exit code; 128 and more if it was killed. */
  int awaitExit() throws IOException {
    NativeMemory status = new NativeMemory(calls, Long.BYTES);
    while (calls.helper().waitpid(pid, status.address(0)) < 0) {
      if (calls.errno() != NativeCalls.EINTR) {
        throw new IOException("cannot wait for a child: " + calls.describe(calls.errno()));
      }
    }
    int value = status.getInt(0);
    int signal = value & 0x7F;
    return signal == 0 ? value >>> 8 & 0xFF : KILLED + signal;
  }
}
