package org.telosfs.pjdfstest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlanTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path target;
  private FakeSuite fake;

  @BeforeEach
  void makeSuite() throws IOException {
    target = Files.createDirectory(temp.resolve("target"));
    fake = new FakeSuite(temp.resolve("suite"));
  }

  private RunPlan plan(String filter, int jobs, Duration timeout) throws IOException {
    return RunPlan.of(fake.suite(), filter, target, jobs, timeout);
  }

  @Test
  void takesTheSortedScriptsThatMatch() throws IOException {
    fake.script("open/01.t", "").script("chmod/00.t", "").script("open/00.t", "");
    fake.script("open/notes.txt", "");
    assertEquals(List.of("chmod/00.t", "open/00.t", "open/01.t"), plan("", 1, LONG).scripts());
    assertEquals(List.of("open/00.t", "open/01.t"), plan("open/", 1, LONG).scripts());
  }

  @Test
  void refusesNoJobsAndNoTime() {
    assertThrows(IllegalArgumentException.class, () -> plan("", 0, LONG));
    assertThrows(IllegalArgumentException.class, () -> plan("", 1, Duration.ZERO));
  }

  @Test
  void runsEachScriptInAFreshDirectoryAndRemovesIt() throws Exception {
    String text = "echo 1..2; mkdir own && echo ok 1; test $(ls | wc -l) = 1 && echo ok 2\n";
    fake.script("a/0.t", text).script("a/1.t", text).script("b/0.t", text);
    List<String> heard = new ArrayList<>();
    List<ScriptResult> results = plan("", 3, LONG).run(result -> heard.add(result.script()));
    assertEquals(3, heard.size());
    assertEquals(
        List.of("a/0.t", "a/1.t", "b/0.t"), results.stream().map(ScriptResult::script).toList());
    assertTrue(results.stream().allMatch(r -> r.passed() == 2 && r.failed() == 0));
    assertTargetEmpty();
  }

  @Test
  void killsAHangingScriptWithItsDescendants() throws Exception {
    Path pids = temp.resolve("pids");
    fake.script(
        "a/0.t", "echo 1..2; echo ok 1; sleep 1000 & echo $! > " + pids + "; wait; echo ok 2\n");
    ScriptResult result = plan("", 1, Duration.ofSeconds(1)).run(r -> {}).get(0);
    assertTrue(result.timedOut());
    assertEquals(1, result.passed());
    assertEquals(2, result.failed(), result.results().toString());
    long pid = Long.parseLong(Files.readString(pids).strip());
    assertFalse(isRunning(pid));
    assertTargetEmpty();
  }

  @Test
  void anExitStatusFailsWithWhatWasSaid() throws Exception {
    fake.script("a/0.t", "echo 1..1; echo ok 1; echo broken >&2; exit 3\n");
    ScriptResult result = plan("", 1, LONG).run(r -> {}).get(0);
    assertEquals(new TapResult.Failed(0, "exit status 3: broken"), result.results().get(1));
  }

  @Test
  void aSuiteIsNamedOrComesFromTheEnvironment() throws Exception {
    Path home = fake.suite().home();
    assertEquals(home, PjdfstestSuite.find(home, Map.of()).home());
    assertEquals(home, PjdfstestSuite.find(null, Map.of("PJDFSTEST_HOME", "" + home)).home());
    SetupException missing =
        assertThrows(SetupException.class, () -> PjdfstestSuite.find(target, Map.of()));
    assertTrue(missing.getMessage().contains("https://github.com/pjd/pjdfstest"));
  }

  /** A killed process that its new parent has not reaped yet is a zombie, and runs no more. */
  private static boolean isRunning(long pid) throws IOException {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }

  private void assertTargetEmpty() throws IOException {
    try (Stream<Path> left = Files.list(target)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
