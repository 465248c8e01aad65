package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image backup}. */
@Command(
    name = "backup",
    description = {
      "Copies the objects to a directory, as they are now, while the store is in use. Only what",
      "the directory does not have is copied, also after a pack."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image backup ~/data /backup/data"})
final class ImageBackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "Where this store's backups are kept; made if it is missing.")
  private Path repository = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode report =
        new StoreRequests(store)
            .call(
                ControlClient.request("image-backup")
                    .put("repository", repository.toAbsolutePath().toString()));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.toPrettyString());
    } else {
      out.printf(
          "backup of transaction %s, %s; copied %s in %,d files of %s in %,d%n",
          report.path("tid").asText(),
          report.path("time").asText(),
          ByteSize.describe(report.path("bytesCopied").asLong()),
          report.path("filesCopied").asLong(),
          ByteSize.describe(report.path("bytes").asLong()),
          report.path("files").asLong());
    }
    return ExitCode.OK.number();
  }
}
