package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.telosfs.daemon.control.ExactJson;

/** Objects served without mounts. Needs no /dev/fuse, but the launcher. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServeIT {
  /** Of the log of a new store. */
  private static final long SEGMENT_BYTES = 64L << 20;

  private Path home = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory("telosfs-serve-it").toRealPath();
  }

  @AfterEach
  void remove() throws IOException, InterruptedException {
    TelosProgram.cleanUp(home.resolve("store"));
    TelosProgram.system("rm", "-rf", "--one-file-system", home);
  }

  @Test
  void theLauncherServesInTheBackgroundUntilItIsTold() throws IOException, InterruptedException {
    Path store = home.resolve("store");
    assertEquals(0, TelosProgram.run("init", store, "--size", "64M").code());
    TelosProgram.Ended served = TelosProgram.run("serve", store, "--background");
    assertEquals(0, served.code(), served.err());
    assertEquals("socket: " + store.resolve("ipc/socket") + "\n", served.out());
    assertEquals(0, TelosProgram.run("image", "put", store, "a={\"x\": 1}").code());
    assertEquals(0, TelosProgram.run("umount", store).code());
    assertTrue(TelosProgram.run("image", "ls", store).out().endsWith("  a\n"));
  }

  @Test
  void aBenchmarkOfObjectsMeasuresAllWorksAndLeavesNothing()
      throws IOException, InterruptedException {
    Path json = home.resolve("results");
    Path measured = Files.createDirectory(home.resolve("measured"));
    TelosProgram.Ended bench =
        TelosProgram.run("bench", "--image", measured, "--seconds", "0.05", "--json", json);
    assertEquals(0, bench.code(), bench.err());
    Set<String> works = new HashSet<>();
    for (JsonNode result : ExactJson.mapper().readTree(json.toFile()).path("results")) {
      works.add(result.path("work").asText());
      assertTrue(result.path("calls").asLong() > 0, result.toString());
    }
    assertEquals(Set.of("round trip", "get", "commit", "fdatasync", "fdatasync over zeros"), works);
    assertEquals(0, Files.list(measured).count());
  }

  @Test
  void packIsMeasuredBesideClientsAndGivesSpaceBack() throws Exception {
    Path measured = Files.createDirectory(home.resolve("packed"));
    Path json = home.resolve("pack.json");
    TelosProgram.Ended bench =
        TelosProgram.run(
            "bench", "--image", measured, "--pack", "160M", "--seconds", "0.2", "--json", json);
    assertEquals(0, bench.code(), bench.err());
    JsonNode told = ExactJson.mapper().readTree(json.toFile());
    for (JsonNode result : told.path("results")) {
      assertTrue(result.path("calls").asLong() > 0, result.toString());
    }
    JsonNode pack = told.path("pack");
    long before = pack.path("bytesBefore").asLong();
    assertTrue(pack.path("bytesAfter").asLong() < before / 2, pack.toString());
    long extra = pack.path("bytesMost").asLong() - before;
    assertTrue(extra < SEGMENT_BYTES, pack.toString());
    assertEquals(0, Files.list(measured).count());
  }
}
