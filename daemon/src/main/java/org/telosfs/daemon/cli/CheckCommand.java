package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreLock;
import org.telosfs.daemon.check.CheckReport;
import org.telosfs.daemon.check.StoreCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs check}. */
@Command(
    name = "check",
    description = {
      "Verifies a store that is not mounted: every checksum of the volume, the consistency of",
      "the filesystem on it, and every revision in the object log. Changes nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs check ~/data", "  telosfs check ~/data --json | jq .findings"})
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1", paramLabel = "STORE", description = "The store.")
  private Path target = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    StoreLayout store = new StoreLayout(target);
    store.requireStore();
    CheckReport report;
    try (StoreLock lock = StoreLock.acquire(store)) {
      report = new StoreCheck(store).run();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(report).toPrettyString());
    } else {
      print(store, report, out);
    }
    return (report.isClean() ? ExitCode.OK : ExitCode.DAMAGED).number();
  }

  private static void print(StoreLayout store, CheckReport report, PrintWriter out) {
    report.findings().forEach(out::println);
    if (report.findingsLeftOut() > 0) {
      out.printf("and %,d findings more%n", report.findingsLeftOut());
    }
    out.printf(
        "%s: %s; verified %,d nodes, %,d data blocks, %,d revisions of objects%n",
        store.directory(),
        report.isClean() ? "no findings" : report.findings().size() + " findings",
        report.nodes(),
        report.dataBlocks(),
        report.revisions());
  }

  private static ObjectNode toJson(CheckReport report) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("clean", report.isClean());
    ArrayNode findings = node.putArray("findings");
    report.findings().forEach(findings::add);
    return node.put("findingsLeftOut", report.findingsLeftOut())
        .put("nodes", report.nodes())
        .put("dataBlocks", report.dataBlocks())
        .put("revisions", report.revisions());
  }
}
