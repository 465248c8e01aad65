package org.telosfs.pjdfstest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TapParserTest {
  private static List<TapResult> parse(String... lines) {
    return TapParser.parse(List.of(lines));
  }

  private static List<String> outcomes(String... lines) {
    return parse(lines).stream().map(r -> r.number() + " " + r.outcome()).toList();
  }

  @Test
  void passedAndFailedKeepTheirText() {
    assertEquals(
        List.of(
            new TapResult.Passed(1, ""),
            new TapResult.Failed(2, "tried 'mkdir x', expected 0, got EPERM")),
        parse("1..2", "ok 1", "not ok 2 - tried 'mkdir x', expected 0, got EPERM"));
  }

  @Test
  void planMayComeLast() {
    assertEquals(List.of("1 passed", "2 passed"), outcomes("ok 1", "ok 2", "1..2"));
  }

  @Test
  void missingNumbersCountOn() {
    assertEquals(List.of("1 passed", "2 failed"), outcomes("1..2", "ok", "not ok - text"));
  }

  @Test
  void knownFailuresAndSkipsAreSkipped() {
    assertEquals(
        List.of("1 skipped", "2 skipped", "3 passed"),
        outcomes("1..3", "not ok 1 # TODO bug", "ok 2 # skip no flags", "ok 3 # TODO works now"));
  }

  @Test
  void aWholeScriptMaySkip() {
    assertEquals(List.of(new TapResult.Skipped(0, "SKIP no acls")), parse("1..0 # SKIP no acls"));
  }

  @Test
  void eachMissingAssertionFails() {
    assertEquals(List.of("1 passed", "2 failed", "3 failed"), outcomes("1..3", "ok 1"));
  }

  @Test
  void assertionsBeyondThePlanFail() {
    assertEquals(List.of("1 passed", "2 passed", "0 failed"), outcomes("1..1", "ok 1", "ok 2"));
  }

  @Test
  void aRepeatedNumberFails() {
    assertEquals(List.of("1 passed", "1 failed"), outcomes("1..1", "ok 1", "ok 1"));
  }

  @Test
  void bailingOutFailsTheRest() {
    assertEquals(
        List.of("1 passed", "0 failed", "2 failed"),
        outcomes("1..2", "ok 1", "Bail out! no space", "ok 2"));
  }

  @Test
  void noPlanFails() {
    assertEquals(List.of("1 passed", "0 failed"), outcomes("ok 1"));
    assertEquals(List.of("0 failed"), outcomes());
  }

  @Test
  void otherLinesAreIgnored() {
    assertEquals(List.of("1 passed"), outcomes("# note", "okay then", "1..1", "ok 1"));
  }

  @Test
  void anAbsurdPlanIsRefused() {
    assertTrue(parse("1..999999999", "ok 1").get(0).text().contains("too large"));
  }
}
