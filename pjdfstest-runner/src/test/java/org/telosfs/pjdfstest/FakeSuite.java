package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A suite of small shell scripts in a temporary directory. */
final class FakeSuite {
  private final Path home;

  FakeSuite(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home.resolve("tests"));
    Path binary = Files.writeString(home.resolve("pjdfstest"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  FakeSuite script(String name, String text) throws IOException {
    Path file = home.resolve("tests").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  PjdfstestSuite suite() {
    return new PjdfstestSuite(home);
  }
}
