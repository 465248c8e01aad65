package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A temporary store, mounted through the launcher for one run, then unmounted and deleted. */
final class MountedTarget {
  private final Path launcher;
  private final Path home;

  private MountedTarget(Path launcher, Path home) {
    this.launcher = launcher;
    this.home = home;
  }

  static MountedTarget mount(Path launcher) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("telosfs-pjdfstest-");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    MountedTarget target = new MountedTarget(launcher.toAbsolutePath(), home);
    try {
      Files.createDirectory(target.directory());
      target.telosfs("init", target.store());
      target.telosfs(
          "mount", target.store(), "--posix", target.directory().toString(), "--background");
      target.checkMounted();
    } catch (IOException e) {
      Commands.removeTree(home);
      throw e;
    }
    return target;
  }

  Path directory() {
    return home.resolve("posix");
  }

  /** The store is kept, and named in the failure, when it cannot be unmounted. */
  void unmountAndDelete() throws IOException, InterruptedException {
    telosfs("umount", store());
    Commands.removeTree(home);
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
