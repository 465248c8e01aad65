package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.persistence.capability.Right;
import org.telosfs.persistence.capability.Token;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code telosfs cap attenuate}. */
@Command(
    name = "attenuate",
    description = {
      "Makes a weaker capability of one that you hold, without asking the store. What it is",
      "restricted to comes on top of what the other was restricted to already."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs cap attenuate --in ~/app.cap --out /tmp/guest.cap --rights read --expires PT1H",
      "  telosfs cap attenuate --in - --out /tmp/one.cap --root shop < ~/app.cap"
    })
final class CapAttenuateCommand implements Callable<Integer> {
  @Option(
      names = "--in",
      required = true,
      paramLabel = "FILE",
      description = "The capability that you hold; - for standard input.")
  private Path in = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the weaker one.")
  private Path out = Path.of("");

  @Mixin private RestrictionOptions restrictions = new RestrictionOptions();

  @Override
  public Integer call() throws IOException {
    TokenFile.refuseIfThere(out);
    Token weaker =
        TokenFile.read(in).attenuated(restrictions.restrictions(EnumSet.allOf(Right.class)));
    TokenFile.write(out, weaker.secretText());
    return ExitCode.OK.number();
  }
}
