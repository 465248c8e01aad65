package org.telosfs.daemon.cli;

import java.io.IOException;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.Transport;
import org.telosfs.fuse.MountOptions;
import org.telosfs.vfs.AccessTimes;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How trees are mounted and served. */
final class ServeOptions {
  @Option(
      names = "--transport",
      paramLabel = "kernel|jnr-fuse",
      description = "How to talk to the kernel (${DEFAULT-VALUE}).")
  private Transport transport = Transport.KERNEL;

  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description = {
        "Mount options, with commas: [no]suid, [no]dev, [no]exec, ro, rw,",
        "[no]allow_other, [no]writeback."
      })
  private String options = "";

  @Option(
      names = "--atime",
      paramLabel = "relatime|strict|none",
      description = {
        "When reading moves access times (${DEFAULT-VALUE}). With strict every read is served by",
        "the daemon, past the page cache."
      })
  private AccessTimes accessTimes = AccessTimes.RELATIME;

  @Option(
      names = "--background",
      description = "Return when everything is mounted; a process in the background serves it.")
  private boolean background;

  @Mixin private SocketOptions socket = new SocketOptions();

  boolean background() {
    return background;
  }

  DaemonConfig applyTo(DaemonConfig config, CommandSpec spec) throws IOException {
    DaemonConfig served = socket.applyTo(config, spec);
    try {
      return served
          .withTransport(transport)
          .withAccessTimes(accessTimes)
          .withOptions(MountOptions.DEFAULTS.with(options));
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), "-o: " + unknown.getMessage());
    }
  }
}
