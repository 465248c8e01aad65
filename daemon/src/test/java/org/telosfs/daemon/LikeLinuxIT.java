package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts that tell what happens, run on a mount and on the filesystem of the host's temporary
 * directory: both must tell the same.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LikeLinuxIT {
  private static final String HOST_CAN =
      "touch probe && chmod 755 . && setfacl -m u:1:r probe && setfattr -n user.a -v b probe"
          + " && setfattr -n trusted.a -v b probe && setcap cap_net_raw+ep probe";

  private Path home = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory("telosfs-linux-it").toRealPath();
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    store = home.resolve("store");
  }

  @AfterEach
  void endDaemon() throws IOException, InterruptedException {
    TelosProgram.cleanUp(store);
    if (TelosProgram.isMounted(home.resolve("memory"))) {
      TelosProgram.system("umount", home.resolve("memory"));
    }
    TelosProgram.system("rm", "-rf", "--one-file-system", home);
  }

  private static String resource(String name) throws IOException {
    try (InputStream script = LikeLinuxIT.class.getResourceAsStream("linux/" + name)) {
      assertTrue(script != null, name);
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String random(long seed) throws IOException {
    return "python3 - " + seed + " 4000 <<'END'\n" + resource("random-users.py") + "END\n";
  }

  private static String told(Path directory, String script)
      throws IOException, InterruptedException {
    TelosProgram.Ended ended =
        TelosProgram.system(
            "env", "-C", directory, "bash", "-c", "exec 2>&1\n" + resource("prelude.sh") + script);
    return ended.out();
  }

  private void assertLikeTheHost(Path mounted, String script)
      throws IOException, InterruptedException {
    Path host = Files.createDirectory(home.resolve("host"));
    assumeTrue(
        TelosProgram.system("env", "-C", host, "bash", "-c", HOST_CAN).code() == 0,
        "the temporary directory keeps no ACLs and attributes to compare with");
    TelosProgram.system("rm", host.resolve("probe"));
    assertEquals(told(host, script), told(mounted, script));
  }

  @ParameterizedTest
  @ValueSource(strings = {"access-control-lists.sh", "extended-attributes.sh", "privileges.sh"})
  void aStoreIsLikeTheHost(String script) throws IOException, InterruptedException {
    assertStoreLikeTheHost(resource(script), "suid,dev");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void usersAtRandomFindAStoreLikeTheHost(long seed) throws IOException, InterruptedException {
    assertStoreLikeTheHost(random(seed), seed == 3 ? "suid,dev,writeback" : "suid,dev");
  }

  private void assertStoreLikeTheHost(String script, String options)
      throws IOException, InterruptedException {
    TelosProgram.up(store, "-o", options);
    Path directory = Files.createDirectory(store.resolve("posix/work"));
    Files.setPosixFilePermissions(
        store.resolve("posix"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertLikeTheHost(directory, script);
    assertEquals(0, TelosProgram.run("umount", store).code());
    TelosProgram.Ended check = TelosProgram.run("check", store);
    assertEquals(0, check.code(), check.out() + check.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"access-control-lists.sh", "extended-attributes.sh", "privileges.sh"})
  void aTreeInMemoryIsLikeTheHost(String script) throws IOException, InterruptedException {
    assertMemoryLikeTheHost(resource(script));
  }

  @Test
  void usersAtRandomFindATreeInMemoryLikeTheHost() throws IOException, InterruptedException {
    assertMemoryLikeTheHost(random(4));
  }

  private void assertMemoryLikeTheHost(String script) throws IOException, InterruptedException {
    Path where = Files.createDirectory(home.resolve("memory"));
    TelosProgram.Ended mount =
        TelosProgram.run("mount", "--memory", where, "-o", "suid,dev", "--background");
    assertEquals(0, mount.code(), mount.err());
    assertLikeTheHost(where, script);
  }

  /** Linux's own limits, which few filesystems reach. */
  @Test
  void theLargestAttributesFit() throws IOException, InterruptedException {
    TelosProgram.up(store);
    TelosProgram.Ended ended =
        TelosProgram.system(
            "env",
            "-C",
            store.resolve("posix"),
            "python3",
            "-c",
            resource("largest-attributes.py"));
    assertEquals("", ended.err());
    assertEquals("65536\n256 65536\nENOSPC\nE2BIG\n", ended.out());
  }
}
