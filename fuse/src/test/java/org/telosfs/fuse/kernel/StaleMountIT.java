package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;
import org.telosfs.fuse.Shell;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.memory.MemoryFileSystem;

/** What a dead daemon leaves behind; as root. */
class StaleMountIT {
  private final NativeCalls calls = new NativeCalls();
  private final VirtualFileSystem tree =
      new MemoryFileSystem(
          java.time.InstantSource.system(), 1 << 30, FileSystemTraits.soleWriter("telosfs"));
  private Path where;
  private String user = "";

  @BeforeEach
  void directory() throws Exception {
    where = Files.createTempDirectory("telosfs-it-").toRealPath();
  }

  @AfterEach
  void removeDirectory() throws Exception {
    if (!user.isEmpty()) {
      ProcessHandle.of(Long.parseLong(user)).ifPresent(ProcessHandle::destroy);
    }
    calls.umount2(where.toString(), NativeCalls.MNT_DETACH);
    tree.close();
    Files.delete(where);
  }

  @Test
  void killedDaemonsMountIsReplaced() throws Exception {
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                MountedMemory.class.getName(),
                where.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = daemon.inputReader()) {
      assertEquals("mounted", said.readLine());
      user = new Shell(where).run("echo x > f; sleep 300 < f > /dev/null 2>&1 & echo $!");
      assertRefused(Reason.ALREADY_MOUNTED);
      daemon.destroyForcibly().waitFor();
    }
    new Shell(Path.of("/")).run("! ls " + where);
    FuseMount mount = new KernelTransport().mount(tree, where, MountOptions.DEFAULTS);
    new Shell(where).run("test -z \"$(ls)\"; echo y > g; test \"$(cat g)\" = y");
    mount.unmount();
  }

  @Test
  void someoneElsesDeadMountIsLeftAlone() throws Exception {
    int fd = calls.open("/dev/fuse", NativeCalls.O_RDWR | NativeCalls.O_CLOEXEC);
    String options = "fd=" + fd + ",rootmode=40000,user_id=0,group_id=0";
    assertEquals(0, calls.mount("other", where.toString(), "fuse.other", 0, options));
    calls.close(fd);
    assertRefused(Reason.ALREADY_MOUNTED);
    assertTrue(MountTable.read().on(where).isPresent());
  }

  @Test
  void abortedMountIsTakenAwayByItsOwner() throws Exception {
    FuseMount mount = new KernelTransport().mount(tree, where, MountOptions.DEFAULTS);
    String minor = MountTable.read().on(where).orElseThrow().device().replaceFirst(".*:", "");
    new Shell(Path.of("/"))
        .run(
            "c=$(mktemp -d); mount -t fusectl none $c; echo 1 > $c/"
                + minor
                + "/abort; umount $c; rmdir $c");
    mount.awaitUnmounted();
    assertTrue(MountTable.read().on(where).isPresent());
    mount.unmount();
    assertTrue(MountTable.read().on(where).isEmpty());
  }

  private void assertRefused(Reason reason) {
    MountException refusal =
        assertThrows(
            MountException.class,
            () -> new KernelTransport().mount(tree, where, MountOptions.DEFAULTS));
    assertEquals(reason, refusal.reason());
  }
}
