package org.telosfs.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreLock;
import org.telosfs.daemon.control.ExactJson;
import picocli.CommandLine;

/** What users and scripts rely on, without a mount. */
class CommandsTest {
  @TempDir private Path home;

  private Path store() {
    Path store = home.resolve("a store");
    CommandRun made = CommandRun.of("init", store, "--size", "64M");
    assertEquals(0, made.code(), made.err());
    return store;
  }

  private static void assertRefused(ExitCode code, String named, CommandRun run) {
    assertEquals(code.number(), run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("telosfs: "), run.err());
    assertTrue(run.err().contains(named), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
  }

  /** Content of every file but for what a lock leaves. */
  private static Map<String, Integer> content(Path store) throws IOException {
    Map<String, Integer> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(store.resolve("run"))) {
          byte[] start;
          try (var in = Files.newInputStream(file)) {
            start = in.readNBytes(4 << 20);
          }
          content.put(file + " " + Files.size(file), java.util.Arrays.hashCode(start));
        }
      }
    }
    return content;
  }

  static Stream<List<String>> everyCommand() {
    return Stream.concat(
        Stream.of(List.of()),
        TelosCommand.commandLine().getSubcommands().entrySet().stream()
            .filter(
                entry ->
                    !(entry.getValue().getCommandSpec().userObject() instanceof RunnerProgram)
                        && !entry.getKey().equals("help"))
            .flatMap(entry -> withSubcommands(entry.getKey(), entry.getValue())));
  }

  private static Stream<List<String>> withSubcommands(String name, CommandLine command) {
    return Stream.concat(
        Stream.of(List.of(name)),
        command.getSubcommands().keySet().stream().map(sub -> List.of(name, sub)));
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommandHasHelpWithExamples(List<String> command) {
    Object[] words = Stream.concat(command.stream(), Stream.of("--help")).toArray();
    CommandRun help = CommandRun.of(words);
    assertEquals(0, help.code());
    assertTrue(help.out().contains("Examples:"), help.out());
    assertTrue(help.out().startsWith("Usage: telosfs"), help.out());
  }

  @Test
  void wrongArgumentsAreOneLineAndCodeTwo() {
    assertRefused(ExitCode.USAGE, "--bogus", CommandRun.of("up", "--bogus"));
    assertRefused(ExitCode.USAGE, "frobnicate", CommandRun.of("frobnicate"));
    assertRefused(ExitCode.USAGE, "STORE", CommandRun.of("init"));
    assertRefused(ExitCode.USAGE, "--size", CommandRun.of("init", home, "--size", "12parsecs"));
    assertRefused(ExitCode.USAGE, "--memory", CommandRun.of("mount"));
    assertRefused(ExitCode.USAGE, "colour", CommandRun.of("mount", home, "-o", "colour"));
    assertRefused(ExitCode.USAGE, "pigeon", CommandRun.of("mount", home, "--transport", "pigeon"));
    assertRefused(ExitCode.USAGE, "a={", CommandRun.of("image", "put", home, "a={"));
    assertRefused(ExitCode.USAGE, "a=1", CommandRun.of("image", "put", home, "a=1"));
    assertRefused(ExitCode.USAGE, "novalue", CommandRun.of("image", "put", home, "novalue"));
  }

  @Test
  void withoutACommandTheUsageIsShown() {
    CommandRun run = CommandRun.of();
    assertEquals(ExitCode.USAGE.number(), run.code());
    assertTrue(run.err().contains("up"), run.err());
  }

  @Test
  void whatIsNoStoreIsNotFound() throws IOException {
    Path none = home.resolve("none");
    Path empty = Files.createDirectory(home.resolve("empty"));
    for (String command : List.of("mount", "status", "check", "umount")) {
      assertRefused(ExitCode.NOT_FOUND, none.toString(), CommandRun.of(command, none));
      assertRefused(ExitCode.NOT_FOUND, empty.toString(), CommandRun.of(command, empty));
    }
    assertRefused(ExitCode.NOT_FOUND, none.toString(), CommandRun.of("image", "ls", none));
    assertFalse(Files.exists(none));
  }

  @Test
  void initRefusesWhatIsThereAlready() throws IOException {
    Path store = store();
    Map<String, Integer> before = content(store);
    assertRefused(ExitCode.NOT_FOUND, store.toString(), CommandRun.of("init", store));
    assertEquals(before, content(store));
    Path other = Files.createDirectory(home.resolve("other"));
    Files.writeString(other.resolve("letter"), "dear");
    assertRefused(ExitCode.NOT_FOUND, other.toString(), CommandRun.of("init", other));
    assertEquals(List.of(other.resolve("letter")), Files.list(other).toList());
  }

  @Test
  void initRefusesATooSmallSizeAndLeavesNothing() {
    Path store = home.resolve("small");
    assertRefused(ExitCode.USAGE, "4M", CommandRun.of("init", store, "--size", "1M"));
    assertFalse(Files.exists(store));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4096, 1 << 20})
  void aTruncatedVolumeIsDamagedAndUntouched(long bytes) throws IOException {
    Path store = store();
    try (FileChannel volume =
        FileChannel.open(store.resolve("volume.tfs"), StandardOpenOption.WRITE)) {
      volume.truncate(bytes);
    }
    Map<String, Integer> before = content(store);
    CommandRun check = CommandRun.of("check", store, "--json");
    assertEquals(ExitCode.DAMAGED.number(), check.code(), check.out());
    assertTrue(check.out().contains("volume.tfs"), check.out());
    assertEquals(before, content(store));
  }

  @Test
  void aFlippedObjectLogIsFound() throws IOException {
    Path store = store();
    assertEquals(0, CommandRun.of("image", "put", store, "a={\"text\": \"some words\"}").code());
    Path segment;
    try (Stream<Path> files = Files.list(store.resolve("objects"))) {
      segment = files.max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).get();
    }
    byte[] bytes = Files.readAllBytes(segment);
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("some words");
    bytes[at] ^= 1;
    Files.write(segment, bytes);
    CommandRun check = CommandRun.of("check", store);
    assertEquals(ExitCode.DAMAGED.number(), check.code(), check.out());
    assertTrue(check.out().contains("objects"), check.out());
  }

  @Test
  void aFreshStoreChecksCleanAndUnchanged() throws IOException {
    Path store = store();
    Map<String, Integer> before = content(store);
    CommandRun check = CommandRun.of("check", store);
    assertEquals(0, check.code(), check.out() + check.err());
    assertEquals(before, content(store));
  }

  @Test
  void aLockedStoreIsRefusedWithItsHolder() throws IOException {
    Path store = store();
    try (StoreLock lock = StoreLock.acquire(new StoreLayout(store))) {
      String pid = "process " + ProcessHandle.current().pid();
      assertRefused(ExitCode.LOCKED, pid, CommandRun.of("check", store));
      assertRefused(ExitCode.LOCKED, pid, CommandRun.of("mount", store));
      assertRefused(ExitCode.LOCKED, pid, CommandRun.of("image", "put", store, "a={}"));
    }
    assertEquals(0, CommandRun.of("check", store).code());
  }

  @Test
  void objectsOfAStoreThatIsNotMounted() throws IOException {
    Path store = store();
    String state = "{\"count\": 1, \"list\": [1, 2.5, \"x\", null], \"big\": 12345678901234567890}";
    assertEquals(0, CommandRun.of("image", "put", store, "first=" + state, "other={}").code());
    JsonNode got = ExactJson.mapper().readTree(CommandRun.of("image", "get", store, "first").out());
    assertEquals(ExactJson.mapper().readTree(state), got);

    JsonNode list =
        ExactJson.mapper().readTree(CommandRun.of("image", "ls", store, "--json").out());
    assertEquals(List.of("first", "other"), list.findValuesAsText("name"));
    String oid = list.get(0).path("oid").asText();
    assertEquals(got, ExactJson.mapper().readTree(CommandRun.of("image", "get", store, oid).out()));

    CommandRun.of("image", "put", store, "-m", "a second time", "first={\"count\": 2}");
    JsonNode log =
        ExactJson.mapper().readTree(CommandRun.of("image", "log", store, "--json").out());
    assertEquals(
        List.of("a second time", "image put first and 1 more"),
        log.findValuesAsText("description"));
    assertRefused(ExitCode.FAILED, "nothing", CommandRun.of("image", "get", store, "nothing"));
  }

  @Test
  void aReferenceToNothingIsRefusedAndNothingCommitted() {
    Path store = store();
    String dangling = "a={\"friend\": {\"$ref\": \"00000000000000ff\"}}";
    assertRefused(
        ExitCode.FAILED, "00000000000000ff", CommandRun.of("image", "put", store, dangling));
    assertEquals("", CommandRun.of("image", "ls", store).out());
  }

  @Test
  void statusOfAStoreThatIsNotMounted() throws IOException {
    Path store = store();
    CommandRun status = CommandRun.of("status", store, "--json");
    assertEquals(0, status.code());
    assertFalse(ExactJson.mapper().readTree(status.out()).path("running").asBoolean(true));
  }

  @Test
  void mountPointsAreCheckedBeforeAnythingIsOpened() throws IOException {
    Path store = store();
    Map<String, Integer> before = content(store);
    Path full = Files.createDirectory(home.resolve("full"));
    Path file = Files.createFile(full.resolve("file"));
    for (Path bad : List.of(home.resolve("nowhere"), full, file)) {
      assertRefused(
          ExitCode.MOUNT_POINT, bad.toString(), CommandRun.of("mount", store, "--posix", bad));
      assertRefused(ExitCode.MOUNT_POINT, bad.toString(), CommandRun.of("mount", "--memory", bad));
    }
    assertEquals(before, content(store));
  }

  @Test
  void aBenchmarkMeasuresAndCleansUp() throws IOException {
    Path json = home.resolve("result.json");
    Path directory = Files.createDirectory(home.resolve("measured"));
    CommandRun bench =
        CommandRun.of("bench", directory, "--files", "20", "--large", "2", "--json", json);
    assertEquals(0, bench.code(), bench.err());
    JsonNode results = ExactJson.mapper().readTree(json.toFile()).path("results");
    assertTrue(
        results
            .findValuesAsText("name")
            .containsAll(List.of("create+write", "stat", "list", "open+read", "unlink")),
        results.toString());
    assertEquals(0, Files.list(directory).count());
  }

  @Test
  void quotasAreSetListedAndRemovedOnAStoreThatIsNotMounted() throws IOException {
    Path store = store();
    assertTrue(CommandRun.of("quota", "list", store).out().contains("no quota was ever set"));
    assertEquals(0, CommandRun.of("quota", "set", store, "--user", "4711", "--bytes", "1G").code());
    assertEquals(
        0, CommandRun.of("quota", "set", store, "--group", "root", "--inodes", "9").code());
    assertEquals(
        0, CommandRun.of("quota", "set", store, "--directory", "/", "--bytes", "5000").code());
    JsonNode quotas =
        ExactJson.mapper().readTree(CommandRun.of("quota", "list", store, "--json").out());
    Map<String, String> limits = new TreeMap<>();
    quotas.forEach(
        quota ->
            limits.put(
                quota.path("kind").asText() + quota.path("id").asText(),
                quota.path("bytesLimit").asText() + " " + quota.path("inodesLimit").asText()));
    assertEquals("1073741824 null", limits.get("user4711"));
    assertEquals("null 9", limits.get("group0"));
    assertEquals("8192 null", limits.get("directory1"));
    String table = CommandRun.of("quota", "list", store).out();
    assertTrue(table.contains("directory /"), table);
    assertTrue(table.contains("group 0 (root)"), table);
    assertEquals(0, CommandRun.of("quota", "remove", store, "--directory", "/").code());
    assertEquals(0, CommandRun.of("quota", "remove", store, "--user", "4711").code());
    assertFalse(CommandRun.of("quota", "list", store).out().contains("4711"));
    assertEquals(0, CommandRun.of("check", store).code());
  }

  @Test
  void quotasThatCannotBeSaySo() {
    Path store = store();
    assertRefused(
        ExitCode.USAGE,
        "no-such-user",
        CommandRun.of("quota", "set", store, "--user", "no-such-user", "--bytes", "1G"));
    assertRefused(ExitCode.USAGE, "--bytes", CommandRun.of("quota", "set", store, "--user", "1"));
    assertRefused(ExitCode.USAGE, "--user", CommandRun.of("quota", "set", store, "--bytes", "1G"));
    assertRefused(
        ExitCode.FAILED,
        "/missing",
        CommandRun.of("quota", "set", store, "--directory", "/missing", "--bytes", "1G"));
    assertRefused(
        ExitCode.FAILED, "user 1", CommandRun.of("quota", "remove", store, "--user", "1"));
    assertRefused(
        ExitCode.NOT_FOUND, "nowhere", CommandRun.of("quota", "list", home.resolve("nowhere")));
  }
}
