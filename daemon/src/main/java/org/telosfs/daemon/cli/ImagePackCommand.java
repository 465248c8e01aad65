package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image pack}. */
@Command(
    name = "pack",
    description = {
      "Takes away old revisions of objects, and objects that cannot be reached from a root, while",
      "the store is in use. Reports what it would do; --apply does it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image pack ~/data",
      "  telosfs image pack ~/data --keep 7d --apply --speed 50M"
    })
final class ImagePackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      converter = KeepTime.Converter.class,
      defaultValue = "30d",
      description = "Keep every state that is not older: 12h, 30d, 0 (${DEFAULT-VALUE}).")
  private KeepTime keep = new KeepTime(Duration.ofDays(30));

  @Option(names = "--apply", description = "Do it.")
  private boolean apply;

  @Option(
      names = "--speed",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "Read and write at most so many bytes a second.")
  private @Nullable ByteSize speed;

  @Option(
      names = "--ignore-dangling",
      description = "Go on although a reference leads nowhere; such references are named.")
  private boolean ignoreDangling;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode request =
        ControlClient.request("image-pack")
            .put("keepSeconds", keep.length().toSeconds())
            .put("apply", apply)
            .put("ignoreDangling", ignoreDangling);
    if (speed != null) {
      request.put("bytesPerSecond", speed.bytes());
    }
    JsonNode report = new StoreRequests(store).call(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.toPrettyString());
      return ExitCode.OK.number();
    }
    for (JsonNode dangling : report.path("dangling")) {
      out.printf(
          "object %s of transaction %s refers to %s, which does not exist%n",
          dangling.path("referrer").asText(),
          dangling.path("tid").asText(),
          dangling.path("target").asText());
    }
    out.printf(
        "%s %,d revisions, of them all of %,d objects; %,d of %,d segments; %s, %s before%n",
        apply ? "took away" : "would take away",
        report.path("revisionsGone").asLong(),
        report.path("objectsGone").asLong(),
        report.path("segmentsRewritten").asLong(),
        report.path("segments").asLong(),
        ByteSize.describe(report.path("bytesAfter").asLong()),
        ByteSize.describe(report.path("bytesBefore").asLong()));
    long blobs = report.path("blobsGone").asLong();
    if (blobs > 0) {
      out.printf(
          "%s %,d blobs of %s%n",
          apply ? "took away" : "would take away",
          blobs,
          ByteSize.describe(report.path("blobBytesGone").asLong()));
    }
    if (report.path("revisionsGone").asLong() > 0) {
      out.printf("every state from %s on is kept%n", report.path("horizonTime").asText());
    }
    if (!apply) {
      out.println("nothing was changed; --apply does it");
    }
    return ExitCode.OK.number();
  }
}
