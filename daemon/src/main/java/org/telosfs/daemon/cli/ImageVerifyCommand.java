package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.persistence.backup.BackupManifest;
import org.telosfs.persistence.backup.BackupRepository;
import org.telosfs.persistence.storage.HostStorageDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image verify}. */
@Command(
    name = "verify",
    description = "Reads all backups of a directory and holds every byte against its hash.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image verify /backup/data"})
final class ImageVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "DIR", description = "Where the backups are kept.")
  private Path directory = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    BackupRepository repository = new BackupRepository(new HostStorageDirectory(directory));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode backups = result.putArray("backups");
    ArrayNode findings = result.putArray("findings");
    PrintWriter out = spec.commandLine().getOut();
    for (BackupManifest backup : repository.backups()) {
      List<String> found = repository.verify(backup);
      backups
          .addObject()
          .put("tid", backup.newest().toString())
          .put("time", backup.newest().time().toString())
          .put("clean", found.isEmpty());
      found.forEach(findings::add);
      if (!json) {
        found.forEach(out::println);
        out.printf(
            "backup of transaction %s, %s: %s%n",
            backup.newest(),
            backup.newest().time(),
            found.isEmpty() ? "all as it was written" : found.size() + " findings");
      }
    }
    if (json) {
      out.println(result.put("clean", findings.isEmpty()).toPrettyString());
    }
    return (findings.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED).number();
  }
}
