package org.telosfs.pjdfstest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Live progress on standard error: a bar on a terminal, else a line per script. */
public final class Progress implements Consumer<ScriptResult>, AutoCloseable {
  private final int total;
  private final PrintWriter log;
  private final @Nullable ProgressBar bar;
  private int done;
  private int failed;

  public Progress(String suite, int total, PrintWriter log, boolean terminal) {
    this.total = total;
    this.log = log;
    this.bar = terminal ? new ProgressBar(suite, total) : null;
  }

  /** Whether standard error, where the bar is drawn, is a terminal; standard output need not be. */
  public static boolean onTerminal() throws IOException {
    String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
    return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
  }

  @Override
  public void accept(ScriptResult result) {
    done++;
    failed += result.failed();
    if (bar != null) {
      bar.setExtraMessage(failed + " failed, " + result.script());
      bar.step();
      return;
    }
    log.printf(
        "[%d/%d] %s: %d passed, %d failed, %d skipped, %.1f s%n",
        done,
        total,
        result.script(),
        result.passed(),
        result.failed(),
        result.skipped(),
        result.seconds());
    log.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
