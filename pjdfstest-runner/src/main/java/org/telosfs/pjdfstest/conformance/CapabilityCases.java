package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENODATA;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_TRUNC;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.telosfs.pjdfstest.syscall.FileTimes;

/**
 * File capabilities (capabilities(7)) and set-user-id programs: kept, used, and lost by changes.
 */
final class CapabilityCases implements CaseTable {
  private static final String NAME = "security.capability";
  private static final int CAP_DAC_OVERRIDE = 1;

  @Override
  public String name() {
    return "capability";
  }

  /**
   * {@code struct vfs_cap_data} of version 2, effective: 0 4 magic | 4 8 two sets | 12 8 two more.
   */
  private static byte[] permitted(int capability) {
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0, 0x0200_0001).putInt(4, 1 << capability);
    return data.array();
  }

  private static void grant(Sandbox t, String path) {
    t.ok(t.sys().setxattr(path, NAME, permitted(CAP_DAC_OVERRIDE), 0));
  }

  private static boolean isGranted(Sandbox t, String path) {
    long answer = t.sys().getxattr(path, NAME, null, 0);
    t.holds(answer == 20 || ENODATA.is(answer), "there or not: " + answer);
    return answer == 20;
  }

  private interface Change {
    void on(Sandbox t) throws Exception;
  }

  private record Fate(String word, boolean stays, Change change) {}

  private static final List<Fate> FATES =
      List.of(
          new Fate("write", false, t -> t.ok(t.write(t.fd("f", O_WRONLY), "x"))),
          new Fate("append", false, t -> t.ok(t.write(t.fd("f", O_WRONLY | O_APPEND), "x"))),
          new Fate("truncate", false, t -> t.ok(t.sys().truncate("f", 1))),
          new Fate("open-with-truncate", false, t -> t.fd("f", O_WRONLY | O_TRUNC)),
          new Fate("ftruncate", false, t -> t.ok(t.sys().ftruncate(t.fd("f", O_RDWR), 1))),
          new Fate("fallocate", false, t -> t.ok(t.sys().fallocate(t.fd("f", O_RDWR), 0, 0, 100))),
          new Fate("chown", false, t -> t.ok(t.chown("f", 5, 6))),
          new Fate("chown-of-the-group", false, t -> t.ok(t.chown("f", -1, 6))),
          new Fate(
              "copy-into-it",
              false,
              t -> {
                t.file("g", "other");
                t.same(
                    5L, t.sys().copyFileRange(t.fd("g", O_RDONLY), 0, t.fd("f", O_RDWR), 0, 5, 0));
              }),
          new Fate("write-of-nothing", true, t -> t.ok(t.write(t.fd("f", O_WRONLY), ""))),
          new Fate("chmod", true, t -> t.ok(t.chmod("f", 0700))),
          new Fate("read", true, t -> t.content("f")),
          new Fate("link", true, t -> t.ok(t.link("f", "g"))),
          new Fate(
              "rename",
              true,
              t -> {
                t.ok(t.rename("f", "g"));
                t.ok(t.rename("g", "f"));
              }),
          new Fate(
              "utimensat",
              true,
              t -> t.ok(t.sys().utimensat(AT_FDCWD, "f", FileTimes.seconds(1, 1), 0))),
          new Fate(
              "setxattr", true, t -> t.ok(t.sys().setxattr("f", "user.a", new byte[] {1}, 0))));

  @Override
  public void define(CaseList cases) {
    for (Fate fate : FATES) {
      cases.add(
          (fate.stays() ? "stays-on-" : "goes-on-") + fate.word(),
          t -> {
            t.file("f", "content");
            grant(t, "f");
            t.holds(isGranted(t, "f"), "it was set");
            fate.change().on(t);
            t.same(fate.stays(), isGranted(t, "f"));
          });
    }
    defineRules(cases);
    definePrograms(cases);
  }

  private static void defineRules(CaseList cases) {
    cases.add(
        "set-and-removed-by-root-alone",
        t -> {
          t.fileOf(ALICE, "f", 0755);
          t.as(
              ALICE,
              () -> t.fails(EPERM, t.sys().setxattr("f", NAME, permitted(CAP_DAC_OVERRIDE), 0)));
          grant(t, "f");
          t.as(ALICE, () -> t.fails(EPERM, t.sys().removexattr("f", NAME)));
          t.ok(t.sys().removexattr("f", NAME));
          t.holds(!isGranted(t, "f"), "it is gone");
        });
    cases.add(
        "values-that-are-none",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().setxattr("f", NAME, new byte[] {1, 2, 3}, 0));
          t.fails(EINVAL, t.sys().setxattr("f", NAME, new byte[20], 0));
          t.holds(!isGranted(t, "f"), "nothing was set");
        });
    cases.add(
        "written-again-can-be-set-again",
        t -> {
          t.file("f", "content");
          for (int i = 0; i < 5; i++) {
            grant(t, "f");
            t.holds(isGranted(t, "f"), "it is set");
            t.ok(t.write(t.fd("f", O_WRONLY), "x"));
            t.holds(!isGranted(t, "f"), "it is gone");
          }
        });
  }

  private static void copyProgram(Sandbox t, String program) throws Exception {
    Path found = Path.of("/usr/bin/" + program).toRealPath();
    Files.copy(found, t.path().resolve("program"));
    t.ok(t.chmod("program", 0755));
  }

  private static void definePrograms(CaseList cases) {
    cases.add(
        "program-has-the-capability",
        t -> {
          copyProgram(t, "cat");
          t.file("secret", "for root");
          t.ok(t.chmod("secret", 0600));
          t.holds(Program.runAs(ALICE, t, "./program secret").status() != 0, "refused without");
          grant(t, "program");
          t.same("for root", Program.runAs(ALICE, t, "./program secret").said());
          t.ok(t.sys().removexattr("program", NAME));
          t.holds(Program.runAs(ALICE, t, "./program secret").status() != 0, "refused again");
        });
    cases.add(
        "set-user-id-program",
        t -> {
          copyProgram(t, "id");
          t.same(ALICE.uid() + "\n", Program.runAs(ALICE, t, "./program -u").said());
          t.ok(t.chown("program", BOB.uid(), BOB.gid()));
          t.ok(t.chmod("program", 04755));
          t.same(BOB.uid() + "\n", Program.runAs(ALICE, t, "./program -u").said());
          t.ok(t.chmod("program", 02755));
          t.same(BOB.gid() + "\n", Program.runAs(ALICE, t, "./program -g").said());
        });
    cases.add(
        "program-needs-execute-permission",
        t -> {
          copyProgram(t, "id");
          t.ok(t.chmod("program", 0644));
          t.same(126, Program.runAs(ALICE, t, "./program").status());
          t.same(126, Program.run(t, "./program").status());
          t.ok(t.chmod("program", 0711));
          t.same(0, Program.runAs(ALICE, t, "./program").status());
        });
  }
}
