package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.XATTR_CREATE;
import static org.telosfs.pjdfstest.syscall.Abi.XATTR_REPLACE;
import static org.telosfs.pjdfstest.syscall.Errno.E2BIG;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENODATA;
import static org.telosfs.pjdfstest.syscall.Errno.ENOSPC;
import static org.telosfs.pjdfstest.syscall.Errno.EOPNOTSUPP;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Errno.ERANGE;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_TRUNC;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.SystemCall;

/**
 * setxattr(2), getxattr(2), listxattr(2), removexattr(2), by path, by symbolic link, by descriptor.
 */
final class XattrCases implements CaseTable {
  /** By limits.h; a file system may have room for less. */
  private static final int NAME_MAX = 255;

  private static final int SIZE_MAX = 65_536;

  /** What ext4 has room for with any block size. */
  private static final int SIZE_ALWAYS = 900;

  @Override
  public String name() {
    return "xattr";
  }

  private static byte[] bytes(String text) {
    return NativeMemory.bytes(text);
  }

  /** The value; it must be there. */
  private static String value(Sandbox t, String path, String name) {
    ByteBuffer into = NativeMemory.allocate(SIZE_MAX);
    int size = t.ok(t.sys().lgetxattr(path, name, into, SIZE_MAX));
    return NativeMemory.text(NativeMemory.bytes(into, 0, size));
  }

  /**
   * The names of the four namespaces that cases use, so that labels of a security module do not
   * count.
   */
  private static Set<String> names(Sandbox t, String path) {
    ByteBuffer into = NativeMemory.allocate(SIZE_MAX);
    int size = t.ok(t.sys().llistxattr(path, into, SIZE_MAX));
    Set<String> names = new TreeSet<>();
    for (String name : NativeMemory.text(NativeMemory.bytes(into, 0, size)).split("\0", -1)) {
      if (!name.isEmpty() && !name.equals("security.selinux")) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      defineKind(cases, kind);
    }
    defineValues(cases);
    defineNames(cases);
    defineFlags(cases);
    definePermissions(cases);
    defineWays(cases);
    defineBuffers(cases);
  }

  private static void defineKind(CaseList cases, FileKind kind) {
    boolean hasUser = kind == FileKind.REGULAR || kind == FileKind.DIRECTORY;
    for (String namespace : List.of("user", "trusted", "security")) {
      String name = namespace + ".telos";
      cases.add(
          namespace + "-of-" + kind.word(),
          t -> {
            t.make(kind, "f");
            if (namespace.equals("user") && !hasUser) {
              t.fails(EPERM, t.sys().lsetxattr("f", name, bytes("value"), 0));
              long get = t.sys().lgetxattr("f", name, null, 0);
              t.holds(ENODATA.is(get) || EPERM.is(get), "nothing there: " + get);
            } else {
              t.ok(t.sys().lsetxattr("f", name, bytes("value"), 0));
              t.same("value", value(t, "f", name));
              t.same(Set.of(name), names(t, "f"));
              t.ok(t.sys().lremovexattr("f", name));
              t.fails(ENODATA, t.sys().lgetxattr("f", name, null, 0));
              t.same(Set.of(), names(t, "f"));
            }
          });
    }
  }

  private static void defineValues(CaseList cases) {
    for (int size : List.of(0, 1, 2, 100, SIZE_ALWAYS)) {
      cases.add(
          "value-of-" + size + "-bytes",
          t -> {
            t.file("f");
            byte[] value = new byte[size];
            new Random(size).nextBytes(value);
            t.ok(t.sys().setxattr("f", "user.a", value, 0));
            t.same(NativeMemory.text(value), value(t, "f", "user.a"));
            t.same(size, t.ok(t.sys().getxattr("f", "user.a", null, 0)));
          });
    }
    for (int size : List.of(4096, 30_000, SIZE_MAX)) {
      cases.add(
          "value-of-" + size + "-bytes-or-no-room",
          t -> {
            t.file("f");
            t.ok(t.sys().setxattr("f", "user.before", bytes("x"), 0));
            byte[] value = new byte[size];
            new Random(size).nextBytes(value);
            long answer = t.sys().setxattr("f", "user.large", value, 0);
            if (ENOSPC.is(answer)) { // ext4 has one block for them.
              t.same(Set.of("user.before"), names(t, "f"));
            } else {
              t.ok(answer);
              t.holds(NativeMemory.text(value).equals(value(t, "f", "user.large")), "comes back");
            }
            t.same("x", value(t, "f", "user.before"));
          });
    }
    cases.add(
        "value-too-large",
        t -> {
          t.file("f");
          t.fails(E2BIG, t.sys().setxattr("f", "user.a", new byte[SIZE_MAX + 1], 0));
          t.fails(
              E2BIG,
              t.sys().call(SystemCall.SETXATTR, "f", "user.a", NativeMemory.allocate(1), -1, 0));
        });
    cases.add(
        "value-is-replaced-by-other-sizes",
        t -> {
          t.file("f");
          for (int size : List.of(10, 500, 1, 0, 300, 10)) {
            t.ok(t.sys().setxattr("f", "user.a", bytes("v".repeat(size)), 0));
            t.same("v".repeat(size), value(t, "f", "user.a"));
            t.same(Set.of("user.a"), names(t, "f"));
          }
        });
    cases.add(
        "many-at-once",
        t -> {
          t.file("f");
          Set<String> expected = new TreeSet<>();
          for (int i = 0; i < 40; i++) {
            t.ok(t.sys().setxattr("f", "user.n" + i, bytes("value " + i), 0));
            expected.add("user.n" + i);
          }
          t.same(expected, names(t, "f"));
          for (int i = 0; i < 40; i += 2) {
            t.ok(t.sys().removexattr("f", "user.n" + i));
            expected.remove("user.n" + i);
          }
          t.same(expected, names(t, "f"));
          t.same("value 39", value(t, "f", "user.n39"));
        });
  }

  private static void defineNames(CaseList cases) {
    cases.add(
        "longest-name",
        t -> {
          t.file("f");
          String name = "user." + "n".repeat(NAME_MAX - 5);
          t.ok(t.sys().setxattr("f", name, bytes("value"), 0));
          t.same(Set.of(name), names(t, "f"));
          t.same("value", value(t, "f", name));
        });
    for (String call : List.of("set", "get", "remove")) {
      cases.add(
          call + "-of-names-that-are-none",
          t -> {
            t.file("f");
            t.fails(ERANGE, on(t, call, "user." + "n".repeat(NAME_MAX - 4)));
            t.fails(ERANGE, on(t, call, ""));
            t.fails(EOPNOTSUPP, on(t, call, "telos"));
            t.fails(EOPNOTSUPP, on(t, call, "telos.a"));
            t.fails(EOPNOTSUPP, on(t, call, "USER.a"));
            t.fails(EOPNOTSUPP, on(t, call, "user"));
            t.fails(EOPNOTSUPP, on(t, call, "system.telos"));
            t.fails(EINVAL, on(t, call, "user."));
            t.fails(EINVAL, on(t, call, "trusted."));
            t.fails(EINVAL, on(t, call, "security."));
            t.same(Set.of(), names(t, "f"));
          });
    }
    cases.add(
        "names-are-bytes-and-differ-by-case",
        t -> {
          t.file("f");
          for (String name : List.of("user.a", "user.A", "user.\u00ff\u0001 /", "user.a.b")) {
            t.ok(t.sys().setxattr("f", name, bytes(name), 0));
          }
          t.same(4, names(t, "f").size());
          t.same("user.\u00ff\u0001 /", value(t, "f", "user.\u00ff\u0001 /"));
        });
  }

  private static long on(Sandbox t, String call, String name) {
    return switch (call) {
      case "set" -> t.sys().setxattr("f", name, bytes("value"), 0);
      case "get" -> t.sys().getxattr("f", name, null, 0);
      default -> t.sys().removexattr("f", name);
    };
  }

  private static void defineFlags(CaseList cases) {
    cases.add(
        "create-and-replace",
        t -> {
          t.file("f");
          t.fails(ENODATA, t.sys().setxattr("f", "user.a", bytes("1"), XATTR_REPLACE));
          t.ok(t.sys().setxattr("f", "user.a", bytes("2"), XATTR_CREATE));
          t.fails(EEXIST, t.sys().setxattr("f", "user.a", bytes("3"), XATTR_CREATE));
          t.same("2", value(t, "f", "user.a"));
          t.ok(t.sys().setxattr("f", "user.a", bytes("4"), XATTR_REPLACE));
          t.same("4", value(t, "f", "user.a"));
        });
    cases.add(
        "unknown-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.sys().setxattr("f", "user.a", bytes("1"), 4));
        });
    cases.add(
        "remove-twice",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", bytes("1"), 0));
          t.ok(t.sys().removexattr("f", "user.a"));
          t.fails(ENODATA, t.sys().removexattr("f", "user.a"));
        });
  }

  private static void definePermissions(CaseList cases) {
    cases.add(
        "user-needs-permission-as-content-does",
        t -> {
          t.fileOf(BOB, "f", 0644);
          t.ok(t.sys().setxattr("f", "user.a", bytes("1"), 0));
          t.as(
              ALICE,
              () -> {
                t.fails(EACCES, t.sys().setxattr("f", "user.a", bytes("2"), 0));
                t.fails(EACCES, t.sys().removexattr("f", "user.a"));
                t.ok(t.sys().getxattr("f", "user.a", null, 0));
              });
          t.ok(t.chmod("f", 0602));
          t.as(
              ALICE,
              () -> {
                t.ok(t.sys().setxattr("f", "user.a", bytes("2"), 0));
                t.fails(EACCES, t.sys().getxattr("f", "user.a", null, 0));
                t.ok(t.sys().removexattr("f", "user.a"));
              });
        });
    cases.add(
        "list-needs-no-permission-on-the-file",
        t -> {
          t.fileOf(BOB, "f", 0);
          t.ok(t.sys().setxattr("f", "user.a", bytes("1"), 0));
          t.as(ALICE, () -> t.same(Set.of("user.a"), names(t, "f")));
        });
    cases.add(
        "trusted-is-roots",
        t -> {
          t.fileOf(ALICE, "f", 0666);
          t.ok(t.sys().setxattr("f", "trusted.a", bytes("1"), 0));
          t.ok(t.sys().setxattr("f", "user.a", bytes("1"), 0));
          t.as(
              ALICE,
              () -> {
                t.fails(EPERM, t.sys().setxattr("f", "trusted.a", bytes("2"), 0));
                t.fails(EPERM, t.sys().setxattr("f", "trusted.b", bytes("2"), 0));
                t.fails(EPERM, t.sys().removexattr("f", "trusted.a"));
                t.fails(ENODATA, t.sys().getxattr("f", "trusted.a", null, 0));
                t.same(Set.of("user.a"), names(t, "f"));
              });
          t.same("1", value(t, "f", "trusted.a"));
        });
    cases.add(
        "security-is-written-by-root-and-read-by-all",
        t -> {
          t.fileOf(ALICE, "f", 0600);
          t.ok(t.sys().setxattr("f", "security.telos", bytes("1"), 0));
          t.as(
              ALICE,
              () -> {
                t.fails(EPERM, t.sys().setxattr("f", "security.telos", bytes("2"), 0));
                t.fails(EPERM, t.sys().removexattr("f", "security.telos"));
                t.same("1", value(t, "f", "security.telos"));
              });
          t.as(BOB, () -> t.same("1", value(t, "f", "security.telos")));
        });
    cases.add(
        "user-of-a-sticky-directory-is-its-owners",
        t -> {
          t.directoryOf(BOB, "d", 01777);
          t.as(ALICE, () -> t.fails(EPERM, t.sys().setxattr("d", "user.a", bytes("1"), 0)));
          t.as(BOB, () -> t.ok(t.sys().setxattr("d", "user.a", bytes("1"), 0)));
          t.as(ALICE, () -> t.same("1", value(t, "d", "user.a")));
          t.directoryOf(BOB, "open", 0777);
          t.as(ALICE, () -> t.ok(t.sys().setxattr("open", "user.a", bytes("1"), 0)));
        });
  }

  private static void defineWays(CaseList cases) {
    cases.add(
        "through-a-symlink-or-not",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.ok(t.sys().setxattr("l", "trusted.a", bytes("file"), 0));
          t.ok(t.sys().lsetxattr("l", "trusted.a", bytes("link"), 0));
          t.same("file", value(t, "f", "trusted.a"));
          t.same("link", value(t, "l", "trusted.a"));
          t.ok(t.sys().removexattr("l", "trusted.a"));
          t.same("link", value(t, "l", "trusted.a"));
          t.same(Set.of(), names(t, "f"));
        });
    cases.add(
        "through-descriptors",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDONLY);
          t.ok(t.sys().fsetxattr(fd, "user.a", bytes("value"), 0));
          ByteBuffer into = NativeMemory.allocate(100);
          t.same(5, t.ok(t.sys().fgetxattr(fd, "user.a", into, 100)));
          t.holds(t.ok(t.sys().flistxattr(fd, into, 100)) >= 7, "listed");
          t.ok(t.unlink("f"));
          t.ok(t.sys().fsetxattr(fd, "user.b", bytes("value"), 0));
          t.ok(t.sys().fremovexattr(fd, "user.a"));
          t.fails(ENODATA, t.sys().fgetxattr(fd, "user.a", null, 0));
          t.fails(EBADF, t.sys().fsetxattr(1_000_000, "user.a", bytes("x"), 0));
          t.fails(EBADF, t.sys().fgetxattr(1_000_000, "user.a", null, 0));
          t.fails(EBADF, t.sys().flistxattr(1_000_000, null, 0));
          t.fails(EBADF, t.sys().fremovexattr(1_000_000, "user.a"));
        });
    cases.add(
        "belong-to-the-file-not-the-name",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", bytes("value"), 0));
          t.ok(t.link("f", "g"));
          t.ok(t.rename("f", "h"));
          t.same("value", value(t, "g", "user.a"));
          t.ok(t.sys().removexattr("g", "user.a"));
          t.fails(ENODATA, t.sys().getxattr("h", "user.a", null, 0));
          t.ok(t.unlink("g"));
          t.ok(t.unlink("h"));
          t.file("f");
          t.same(Set.of(), names(t, "f"));
        });
    cases.add(
        "stay-when-content-and-mode-change",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", bytes("value"), 0));
          t.ok(t.write(t.fd("f", O_WRONLY | O_TRUNC), "content"));
          t.ok(t.chmod("f", 0600));
          t.ok(t.chown("f", 1, 1));
          t.same("value", value(t, "f", "user.a"));
        });
  }

  private static void defineBuffers(CaseList cases) {
    cases.add(
        "buffers-of-all-sizes",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", bytes("value"), 0));
          ByteBuffer into = NativeMemory.allocate(100);
          t.same(5, t.ok(t.sys().getxattr("f", "user.a", into, 0)));
          t.fails(ERANGE, t.sys().getxattr("f", "user.a", into, 4));
          t.same(5, t.ok(t.sys().getxattr("f", "user.a", into, 5)));
          t.same("value", NativeMemory.text(NativeMemory.bytes(into, 0, 5)));
          int size = t.ok(t.sys().listxattr("f", null, 0));
          t.fails(ERANGE, t.sys().listxattr("f", into, size - 1));
          t.same(size, t.ok(t.sys().listxattr("f", into, size)));
        });
    cases.add(
        "bad-addresses",
        t -> {
          t.file("f");
          t.ok(t.sys().setxattr("f", "user.a", bytes("value"), 0));
          t.fails(EFAULT, t.sys().call(SystemCall.SETXATTR, "f", 1L, null, 0, 0));
          t.fails(EFAULT, t.sys().call(SystemCall.SETXATTR, "f", "user.a", 1L, 5, 0));
          t.fails(EFAULT, t.sys().call(SystemCall.GETXATTR, "f", "user.a", 1L, 5));
          t.fails(EFAULT, t.sys().call(SystemCall.LISTXATTR, "f", 1L, 100));
          t.fails(EFAULT, t.sys().call(SystemCall.REMOVEXATTR, "f", 1L));
        });
  }
}
