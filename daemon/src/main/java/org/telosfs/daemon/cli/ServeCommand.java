package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.StoreLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs serve}. */
@Command(
    name = "serve",
    description = {
      "Serves a store's objects on its socket, STORE/ipc/socket, and mounts nothing.",
      "'telosfs up' and 'telosfs mount' serve them as well. Who connects shows a capability: see",
      "telosfs cap. It ends with Ctrl-C or: telosfs umount STORE"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs serve ~/data --background",
      "  telosfs serve ~/data --socket /run/data.socket --socket-mode 0666",
      "  telosfs cap grant ~/data --rights read,write --out ~/app.cap"
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Mixin private SocketOptions socket = new SocketOptions();

  @Option(
      names = "--background",
      description = "Return when it is served; a process in the background goes on.")
  private boolean background;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StoreLayout layout = new StoreLayout(store);
    return new Serving(spec)
        .run(
            socket.applyTo(DaemonConfig.ofObjects(layout), spec),
            background,
            daemon -> spec.commandLine().getOut().println("socket: " + layout.ipcSocket()));
  }
}
