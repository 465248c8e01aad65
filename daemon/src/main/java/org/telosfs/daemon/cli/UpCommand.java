package org.telosfs.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.Daemon;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.StoreCreation;
import org.telosfs.daemon.StoreLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs up}. */
@Command(
    name = "up",
    description = {
      "Mounts a store's POSIX tree and image, and makes the store first if there is none.",
      "Stays until it is unmounted or told to end."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs up                        ./telosfs-data, mounted below itself",
      "  telosfs up ~/data --background    return when both trees are mounted",
      "  telosfs up ~/data --demo          with a small client that keeps committing objects"
    })
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "STORE", description = "The store (${DEFAULT-VALUE}).")
  private Path store = Path.of("telosfs-data");

  @Mixin private MountPointOptions points = new MountPointOptions();

  @Option(
      names = "--demo",
      description = "Run a client that tends a garden: it commits a few objects every second.")
  private boolean demo;

  @Mixin private SizeOption size = new SizeOption();

  @Mixin private ServeOptions serve = new ServeOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    StoreLayout layout = new StoreLayout(store);
    DaemonConfig config =
        serve.applyTo(
            DaemonConfig.ofStore(layout, points.posix(), points.image()).withDemo(demo), spec);
    if (!layout.exists()) {
      StoreCreation.create(layout, size.bytes());
      spec.commandLine().getOut().println("made a new store in " + layout.directory());
    }
    return new Serving(spec).run(config, serve.background(), this::welcome);
  }

  private void welcome(Daemon daemon) {
    PrintWriter out = spec.commandLine().getOut();
    Path posix = daemon.mountPoints().getOrDefault("posix", Path.of("?"));
    Path image = daemon.mountPoints().getOrDefault("image", Path.of("?"));
    out.println("POSIX tree    " + posix);
    out.println("Living image  " + image);
    out.println();
    out.println("Try, in another terminal:");
    out.println("  cp -a /usr/share/doc " + posix + "/ && ls " + posix + "/doc");
    if (demo) {
      out.println("  cat " + image + "/roots/garden/state.json      # again and again: it grows");
      out.println("  " + Launcher.name() + " image log " + store);
    } else {
      out.println(
          "  " + Launcher.name() + " image put " + store + " 'apple={\"colour\": \"red\"}'");
      out.println("  cat " + image + "/roots/apple/state.json");
    }
    out.println("  " + Launcher.name() + " status " + store);
    out.println("  " + Launcher.name() + " umount " + store);
    out.println();
  }
}
