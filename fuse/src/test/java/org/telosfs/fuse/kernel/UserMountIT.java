package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.Shell;

/**
 * A mount by the user nobody, through fusermount3. Root sets the stage: a mount namespace in which
 * everybody may open {@code /dev/fuse}, as udev has it everywhere, and a class path that nobody can
 * read.
 */
class UserMountIT {
  private Path stage;
  private Shell shell;

  @BeforeEach
  void setStage() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/fusermount3")), "needs the package fuse3");
    stage = Files.createTempDirectory("telosfs-it-").toRealPath();
    shell = new Shell(stage);
    Path classes = Files.createDirectory(stage.resolve("classes"));
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (Files.isDirectory(Path.of(entry))) {
        shell.run("cp -r '" + entry + "/.' " + classes);
      } else if (entry.endsWith(".jar") && Files.exists(Path.of(entry))) {
        shell.run("cp '" + entry + "' .");
      }
    }
    Files.writeString(stage.resolve("as-nobody"), asNobody());
    shell.run("chmod -R a+rX .; mkdir mnt; chown nobody mnt");
  }

  @AfterEach
  void clearStage() throws Exception {
    try (Stream<Path> all = Files.walk(stage)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    }
  }

  /** {@code as-nobody SCRIPT}: runs a script; {@code daemon} in it starts {@link MountedMemory}. */
  private String asNobody() {
    return """
        set -eu
        cd %s
        mknod fuse c 10 229; chmod 666 fuse; mount --bind fuse /dev/fuse
        export JAVA='%s/bin/java' SCRIPT="$1"
        exec setpriv --reuid=65534 --regid=65534 --clear-groups bash -euc '
          daemon() {
            coproc D { exec "$JAVA" -cp "classes:*" org.telosfs.fuse.kernel.MountedMemory "$@"; }
            read -r said <&${D[0]}
            echo "$said"
          }
          eval "$SCRIPT"'
        """
        .formatted(stage, System.getProperty("java.home"));
  }

  private String runAsNobody(String script) throws Exception {
    Path file = stage.resolve("script");
    Files.writeString(file, script);
    return shell.run("unshare -m bash as-nobody \"$(cat script)\"; rm fuse script");
  }

  @Test
  void userMountsAndUnmounts() throws Exception {
    String said =
        runAsNobody(
            """
            daemon mnt
            grep -o ' fuse.telosfs.*user_id=65534' /proc/self/mountinfo
            echo hello > mnt/f; cat mnt/f; stat -c %U mnt/f
            eval "exec ${D[1]}>&-"
            read -r said <&${D[0]} && echo "$said"
            ls mnt
            """);
    assertEquals(
        List.of(
            "mounted", " fuse.telosfs telosfs rw,user_id=65534", "hello", "nobody", "unmounted"),
        said.lines().toList());
  }

  @Test
  void killedDaemonsMountIsReplaced() throws Exception {
    String said =
        runAsNobody(
            """
            daemon mnt
            { kill -9 $D_PID; wait $D_PID || true; } 2>/dev/null
            ls mnt 2>/dev/null || echo dead
            daemon mnt
            echo x > mnt/f; fusermount3 -u mnt
            """);
    List<String> words = List.of("mounted", "dead");
    assertEquals(
        List.of("mounted", "dead", "mounted"), said.lines().filter(words::contains).toList(), said);
  }

  @Test
  void directoryOfSomeoneElseIsRefused() throws Exception {
    shell.run("chown root mnt; chmod 755 mnt");
    String said = runAsNobody("daemon mnt");
    assertTrue(said.startsWith("NO_PERMISSION cannot mount on " + stage + "/mnt: "), said);
  }

  @Test
  void otherUsersAreLetInOnlyIfTheSystemAllowsIt() throws Exception {
    Assumptions.assumeFalse(
        Files.exists(Path.of("/etc/fuse.conf"))
            && Files.readString(Path.of("/etc/fuse.conf"))
                .lines()
                .anyMatch(line -> line.strip().equals("user_allow_other")));
    String said = runAsNobody("daemon mnt allow_other");
    assertTrue(said.startsWith("NO_PERMISSION "), said);
    assertTrue(said.contains("user_allow_other"), said);
  }
}
