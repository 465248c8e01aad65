package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.telosfs.pjdfstest.ScriptResult;
import org.telosfs.pjdfstest.TapResult;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Open;

/** Runs cases below one directory, several at once, each in a thread and a directory of its own. */
final class ConformanceRun {
  private static final int PATH_MAX = 4096;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final Linux linux;
  private final Path target;
  private final int jobs;
  private final AtomicInteger directories = new AtomicInteger();

  ConformanceRun(Linux linux, Path target, int jobs) {
    this.linux = linux;
    this.target = target;
    this.jobs = jobs;
  }

  /** A result for each table; {@code finished} hears of each at once. */
  List<ScriptResult> run(List<List<ConformanceCase>> tables, Consumer<ScriptResult> finished)
      throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(target, "conformance-");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    ExecutorService workers = Executors.newFixedThreadPool(jobs);
    int homeFd = openDirectory(NativeMemory.path(home));
    try {
      Need.Target seen = new Need.Target(linux.statfs(homeFd).type());
      List<List<Future<Timed>>> running = new ArrayList<>();
      for (List<ConformanceCase> table : tables) {
        List<Future<Timed>> cases = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
          ConformanceCase each = table.get(i);
          int number = i + 1;
          cases.add(workers.submit(() -> run(each, number, seen, home, homeFd)));
        }
        running.add(cases);
      }
      List<ScriptResult> results = new ArrayList<>();
      for (int i = 0; i < tables.size(); i++) {
        ScriptResult result = result(tables.get(i).get(0).table(), running.get(i));
        results.add(result);
        finished.accept(result);
      }
      return results;
    } finally {
      workers.shutdownNow();
      linux.close(homeFd);
      closeBelow(home);
      removeTree(NativeMemory.path(home));
    }
  }

  private static ScriptResult result(String table, List<Future<Timed>> cases)
      throws IOException, InterruptedException {
    List<TapResult> results = new ArrayList<>();
    double seconds = 0;
    for (Future<Timed> future : cases) {
      try {
        results.add(future.get().result());
        seconds += future.get().seconds();
      } catch (ExecutionException e) {
        throw new IOException("a case could not be run: " + e.getCause(), e);
      }
    }
    return new ScriptResult(table, seconds, false, results);
  }

  private record Timed(TapResult result, double seconds) {}

  private Timed run(ConformanceCase each, int number, Need.Target seen, Path home, int homeFd)
      throws IOException, InterruptedException {
    for (Need need : each.needs()) {
      if (!need.isMet(seen)) {
        return new Timed(skipped(each, number, need.reason()), 0);
      }
    }
    long start = System.nanoTime();
    String name = "case-" + directories.incrementAndGet();
    LinuxException.check("mkdir " + name, linux.mkdirat(homeFd, name, 0755));
    Path directory = home.resolve(name);
    int fd = openDirectory(NativeMemory.path(directory));
    TapResult result;
    try {
      result = runIn(new Sandbox(linux, directory, fd), fd, each, number);
    } finally {
      linux.close(fd);
    }
    new TreeRemoval(linux).remove(homeFd, name);
    return new Timed(result, (System.nanoTime() - start) / 1e9);
  }

  private TapResult runIn(Sandbox sandbox, int directory, ConformanceCase each, int number)
      throws InterruptedException {
    FutureTask<Boolean> work =
        new FutureTask<>(
            () -> {
              Identity.ROOT.become(linux, directory, 0);
              try {
                each.work().run(sandbox);
              } finally {
                sandbox.closeAll();
                linux.chdir("/"); // The thread ends a little later than its work is done.
              }
              return true;
            });
    Thread thread = new Thread(work, each.id());
    thread.setDaemon(true);
    thread.start();
    try {
      work.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      return new TapResult.Passed(number, each.id());
    } catch (TimeoutException e) {
      return failed(each, number, "did not end within " + TIMEOUT.toSeconds() + " s" + at(thread));
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      if (why instanceof NotRunException notRun) {
        return skipped(each, number, String.valueOf(notRun.getMessage()));
      }
      String said = why instanceof UnexpectedException ? why.getMessage() : why.toString();
      return failed(each, number, said + at(why.getStackTrace()));
    }
  }

  private static TapResult skipped(ConformanceCase each, int number, String reason) {
    return new TapResult.Skipped(number, each.id() + ": " + reason);
  }

  private static TapResult failed(ConformanceCase each, int number, String what) {
    return new TapResult.Failed(number, each.id() + ": " + what);
  }

  private static String at(Thread thread) {
    return at(thread.getStackTrace());
  }

  /** The innermost line of a table, so that nobody has to word every expectation twice. */
  private static String at(StackTraceElement[] trace) {
    return Arrays.stream(trace)
        .filter(element -> String.valueOf(element.getFileName()).endsWith("Cases.java"))
        .findFirst()
        .map(element -> " (" + element.getFileName() + ":" + element.getLineNumber() + ")")
        .orElse("");
  }

  /** A case that got a descriptor it did not expect has left it open; the mount must come free. */
  private void closeBelow(Path home) throws IOException {
    List<Integer> left = new ArrayList<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        // Not through the link's target as a Path: it may hold bytes that are no text.
        ByteBuffer into = NativeMemory.allocate(2 * PATH_MAX);
        long bytes = linux.readlinkat(AT_FDCWD, descriptor.toString(), into, 2 * PATH_MAX);
        String target = NativeMemory.text(NativeMemory.bytes(into, 0, (int) Math.max(bytes, 0)));
        if (target.startsWith(NativeMemory.path(home) + "/")) {
          left.add(Integer.parseInt(descriptor.getFileName().toString()));
        }
      }
    }
    left.forEach(linux::close);
  }

  private int openDirectory(String path) throws LinuxException {
    int flags = Open.O_RDONLY | Open.O_DIRECTORY | Open.O_CLOEXEC;
    return (int) LinuxException.check("open " + path, linux.openat(AT_FDCWD, path, flags, 0));
  }

  private void removeTree(String path) throws LinuxException {
    new TreeRemoval(linux).remove(AT_FDCWD, path);
  }
}
