package org.telosfs.pjdfstest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
  @TempDir private Path temp;

  private static Report report(TapResult... results) {
    ScriptResult script = new ScriptResult("open/00.t", 1.5, false, List.of(results));
    return new Report("/suite/tests", "/target", 2, List.of(script));
  }

  private static final Report MIXED =
      report(
          new TapResult.Passed(1, ""),
          new TapResult.Failed(2, "got <EPERM> & \u0001"),
          new TapResult.Skipped(3, "# TODO x"));

  @Test
  void countsAndClosingLine() {
    assertEquals("1 passed, 1 failed, 1 skipped", MIXED.closingLine());
    assertEquals(50, MIXED.passPercent());
    assertEquals(100, report().passPercent());
  }

  @Test
  void textHasTheTableAndTheFailures() {
    String text = MIXED.text();
    assertTrue(text.matches("(?s).*\\bopen +1 +3 +1 +1 +1 +1\\.5\\R.*"), text);
    assertTrue(text.contains("/suite/tests/open/00.t"), text);
    assertTrue(text.contains("  not ok 2 got <EPERM>"), text);
  }

  @Test
  void jsonComesBackTheSame() throws IOException {
    Path file = temp.resolve("run.json");
    JsonReport.write(MIXED, file);
    assertEquals(MIXED, JsonReport.read(file));
  }

  @Test
  void otherJsonIsRefused() throws IOException {
    for (String text : List.of("", "{}", "[1", "{\"scripts\":[{}]}")) {
      Path file = Files.writeString(temp.resolve("bad.json"), text);
      assertThrows(IOException.class, () -> JsonReport.read(file), text);
    }
  }

  @Test
  void junitXmlIsWellFormed() throws Exception {
    Path file = temp.resolve("run.xml");
    JunitReport.write("pjdfstest", MIXED, file);
    Document xml =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());
    assertEquals(3, xml.getElementsByTagName("testcase").getLength());
    assertEquals(1, xml.getElementsByTagName("skipped").getLength());
    assertEquals(
        "got <EPERM> & ?",
        xml.getElementsByTagName("failure")
            .item(0)
            .getAttributes()
            .getNamedItem("message")
            .getNodeValue());
  }

  @Test
  void comparisonNamesWhatChanged() {
    Report now =
        report(
            new TapResult.Failed(1, "new"),
            new TapResult.Passed(2, ""),
            new TapResult.Skipped(3, ""));
    Comparison comparison = Comparison.of(MIXED, now);
    assertEquals(List.of("open/00.t 1 new"), comparison.newlyFailing());
    assertEquals(List.of("open/00.t 2 "), comparison.newlyPassing());
    assertEquals(new Comparison(List.of(), List.of()), Comparison.of(MIXED, MIXED));
  }
}
