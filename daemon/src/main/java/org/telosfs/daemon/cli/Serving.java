package org.telosfs.daemon.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.telosfs.daemon.Daemon;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.Shutdown;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a daemon in this process until its mounts are over. */
final class Serving {
  private final PrintWriter out;

  Serving(CommandSpec spec) {
    this.out = spec.commandLine().getOut();
  }

  /**
   * @param whenMounted tells the user what is there now
   */
  int run(DaemonConfig config, boolean background, Consumer<Daemon> whenMounted)
      throws IOException, InterruptedException {
    if (background && !Detachment.isDetached()) {
      throw new Refusal(
          ExitCode.USAGE, "--background needs the launcher, telosfs in the project's directory");
    }
    try (Daemon daemon = Daemon.start(config)) {
      Shutdown shutdown =
          Shutdown.onSignalsEnd(daemon, new PrintStream(System.err, true, StandardCharsets.UTF_8));
      try {
        whenMounted.accept(daemon);
        if (Detachment.isDetached()) {
          Detachment.sayReady(out);
        } else {
          out.println("Ctrl-C ends it, with everything flushed.");
        }
        daemon.await();
        daemon.close();
      } finally {
        shutdown.daemonEnded();
      }
    }
    if (!Detachment.isDetached()) {
      out.println("Unmounted; everything is flushed.");
    }
    return ExitCode.OK.number();
  }
}
