package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.telosfs.daemon.bench.PackMeasured;
import org.telosfs.daemon.bench.StoreMeasured;

/** What {@code telosfs bench --image} shows. */
final class StoreBenchReport {
  private final PrintWriter out;

  StoreBenchReport(PrintWriter out) {
    this.out = out;
  }

  void begin() {
    out.printf(
        "%-11s %7s %6s %8s %12s %12s %10s %10s %8s%n",
        "", "clients", "batch", "bytes", "calls/s", "objects/s", "p50 us", "p99 us", "MiB/s");
  }

  void print(StoreMeasured measured) {
    boolean objects = measured.batch() > 0;
    out.printf(
        "%-11s %7d %6s %8s %,12.0f %12s %,10.1f %,10.1f %8s%n",
        measured.work(),
        measured.clients(),
        objects ? measured.batch() : "",
        objects ? measured.bytes() : "",
        measured.callsPerSecond(),
        objects ? String.format("%,.0f", measured.objectsPerSecond()) : "",
        measured.p50Micros(),
        measured.p99Micros(),
        objects ? String.format("%,.0f", measured.mebibytesPerSecond()) : "");
  }

  void print(PackMeasured packed) {
    out.printf(
        "clients kept %.0f%% of their rate; the pack took %.1f s and the store %s before, %s at most, %s after%n",
        packed.kept() * 100,
        packed.packSeconds(),
        ByteSize.describe(packed.bytesBefore()),
        ByteSize.describe(packed.bytesMost()),
        ByteSize.describe(packed.bytesAfter()));
  }

  ObjectNode toJson(Path directory, PackMeasured packed) throws IOException {
    ObjectNode node = toJson(directory, List.of(packed.before(), packed.beside(), packed.after()));
    node.putObject("pack")
        .put("kept", packed.kept())
        .put("seconds", packed.packSeconds())
        .put("bytesBefore", packed.bytesBefore())
        .put("bytesMost", packed.bytesMost())
        .put("bytesAfter", packed.bytesAfter());
    return node;
  }

  ObjectNode toJson(Path directory, List<StoreMeasured> results) throws IOException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("directory", directory.toString())
        .put("filesystem", Files.getFileStore(directory).type())
        .put("time", Instant.now().toString())
        .put("processors", Runtime.getRuntime().availableProcessors())
        .put("java", System.getProperty("java.runtime.version", ""));
    ArrayNode array = node.putArray("results");
    for (StoreMeasured measured : results) {
      array
          .addObject()
          .put("work", measured.work())
          .put("clients", measured.clients())
          .put("batch", measured.batch())
          .put("bytes", measured.bytes())
          .put("calls", measured.calls())
          .put("seconds", measured.seconds())
          .put("callsPerSecond", measured.callsPerSecond())
          .put("objectsPerSecond", measured.objectsPerSecond())
          .put("p50Micros", measured.p50Micros())
          .put("p99Micros", measured.p99Micros());
    }
    return node;
  }
}
