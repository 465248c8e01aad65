package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A temporary store, mounted through the launcher for one run, then unmounted and deleted. */
public final class MountedTarget {
  private final Path launcher;
  private final Path home;

  private MountedTarget(Path launcher, Path home) {
    this.launcher = launcher;
    this.home = home;
  }

  /** With options of {@code telosfs mount}, such as {@code -o suid}. */
  public static MountedTarget mount(Path launcher, String... options)
      throws IOException, InterruptedException {
    return mountOfSize("64G", launcher, options);
  }

  /** With a volume of a size such as {@code 128M}. */
  public static MountedTarget mountOfSize(String size, Path launcher, String... options)
      throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("telosfs-pjdfstest-");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    MountedTarget target = new MountedTarget(launcher.toAbsolutePath(), home);
    try {
      Files.createDirectory(target.directory());
      target.telosfs("init", target.store(), "--size", size);
      List<String> mount =
          new ArrayList<>(
              List.of(
                  "mount",
                  target.store(),
                  "--posix",
                  target.directory().toString(),
                  "--background"));
      mount.addAll(List.of(options));
      target.telosfs(mount.toArray(String[]::new));
      target.checkMounted();
    } catch (IOException e) {
      Commands.removeTree(home);
      throw e;
    }
    return target;
  }

  public Path directory() {
    return home.resolve("posix");
  }

  /** The store is kept, and named in the failure, when it cannot be unmounted. */
  public void unmountAndDelete() throws IOException, InterruptedException {
    telosfs("umount", store());
    Commands.removeTree(home);
  }

  /** The launcher the user named, or else the environment. */
  public static Path launcher(@Nullable Path named, Map<String, String> environment)
      throws SetupException {
    String variable = environment.get("TELOSFS");
    Path chosen = named;
    if (chosen == null && variable != null && !variable.isEmpty()) {
      chosen = Path.of(variable);
    }
    if (chosen == null || !Files.isExecutable(chosen)) {
      throw new SetupException(
          "no DIR given, and no telosfs launcher to mount one"
              + (chosen == null ? "" : " at " + chosen)
              + ": name a directory, or the launcher with --telosfs or TELOSFS");
    }
    return chosen;
  }

  /** Else the suite would test the host's own file system and tell of its results as ours. */
  private void checkMounted() throws IOException {
    if (Files.getAttribute(directory(), "unix:dev").equals(Files.getAttribute(home, "unix:dev"))) {
      throw new IOException(launcher + " mounted nothing at " + directory());
    }
  }

  private String store() {
    return home.resolve("store").toString();
  }

  private void telosfs(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Commands.run(command);
  }
}
