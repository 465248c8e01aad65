package org.telosfs.pjdfstest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run as JSON, written and read back for a comparison. */
public final class JsonReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonReport() {}

  public static void write(Report report, Path file) throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("suite", report.suite()).put("directory", report.directory());
    root.put("seconds", report.seconds());
    root.put("passed", report.passed()).put("failed", report.failed());
    root.put("skipped", report.skipped());
    ArrayNode scripts = root.putArray("scripts");
    for (ScriptResult script : report.scripts()) {
      ObjectNode node = scripts.addObject().put("script", script.script());
      node.put("seconds", script.seconds()).put("timedOut", script.timedOut());
      ArrayNode results = node.putArray("results");
      for (TapResult result : script.results()) {
        ObjectNode assertion = results.addObject().put("number", result.number());
        assertion.put("outcome", result.outcome()).put("text", result.text());
      }
    }
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }

  static Report read(Path file) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(file.toFile());
      List<ScriptResult> scripts = new ArrayList<>();
      for (JsonNode script : root.required("scripts")) {
        scripts.add(readScript(script));
      }
      return new Report(
          root.required("suite").asText(),
          root.required("directory").asText(),
          root.required("seconds").asDouble(),
          scripts);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no report of an earlier run: " + e.getMessage(), e);
    }
  }

  private static ScriptResult readScript(JsonNode script) {
    List<TapResult> results = new ArrayList<>();
    for (JsonNode result : script.required("results")) {
      results.add(
          TapResult.of(
              result.required("outcome").asText(),
              result.required("number").asInt(),
              result.required("text").asText()));
    }
    return new ScriptResult(
        script.required("script").asText(),
        script.required("seconds").asDouble(),
        script.required("timedOut").asBoolean(),
        results);
  }
}
