package org.telosfs.pjdfstest.syscall;

/** The two processors whose system call numbers and flags we know. */
enum Architecture {
  X86_64,
  AARCH64;

  static final Architecture HERE = of(System.getProperty("os.arch", ""));

  static Architecture of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> throw new UnsupportedOperationException("no system call numbers for " + name);
    };
  }

  /** Whichever of the two numbers holds on this machine. */
  static int choose(int x86, int arm) {
    return HERE == X86_64 ? x86 : arm;
  }
}
