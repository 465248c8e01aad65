package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.StoreLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs mount}. */
@Command(
    name = "mount",
    description = "Mounts a store's two trees, or a tree in memory, until they are unmounted.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs mount ~/data --background",
      "  telosfs mount ~/data --posix /mnt/p --image /mnt/i -o suid,dev",
      "  telosfs mount --memory /mnt/t"
    })
final class MountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "STORE", description = "The store.")
  private @Nullable Path store;

  @Option(
      names = "--memory",
      paramLabel = "DIR",
      description = "Mount an empty tree in memory there, instead of a store.")
  private @Nullable Path memory;

  @Mixin private MountPointOptions points = new MountPointOptions();

  @Mixin private ServeOptions serve = new ServeOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Serving serving = new Serving(spec);
    DaemonConfig config = serve.applyTo(config(), spec);
    return serving.run(
        config,
        serve.background(),
        daemon ->
            daemon
                .mountPoints()
                .forEach(
                    (name, where) -> spec.commandLine().getOut().println(name + ": " + where)));
  }

  private DaemonConfig config() {
    if (store != null && memory == null) {
      return DaemonConfig.ofStore(new StoreLayout(store), points.posix(), points.image());
    }
    if (memory != null && store == null && points.areDefault()) {
      return DaemonConfig.ofMemory(memory);
    }
    throw new ParameterException(
        spec.commandLine(), "name either STORE (with --posix, --image) or --memory DIR");
  }
}
