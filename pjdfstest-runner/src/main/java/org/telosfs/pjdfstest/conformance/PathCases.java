package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_REMOVEDIR;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Abi.RENAME_EXCHANGE;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFIFO;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.ELOOP;
import static org.telosfs.pjdfstest.syscall.Errno.ENAMETOOLONG;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;

import java.util.List;
import org.telosfs.pjdfstest.syscall.FileHandle;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Open;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** What every call that takes a path says about the path: each law for each of them. */
final class PathCases implements CaseTable {
  private static final int NAME_MAX = 255;
  private static final int PATH_MAX = 4096;
  private static final int MAX_SYMLINKS = 40;

  /** A path is a string or, to be wrong, a number that is no address. */
  private interface Invocation {
    long on(Sandbox t, int directory, Object path);
  }

  private enum Kind {
    /** Makes the name. */
    MAKES,
    /** Uses what has the name. */
    USES
  }

  /** {@code at} is whether it takes a descriptor of the directory to start from. */
  private record Call(String word, Kind kind, boolean at, boolean follows, Invocation invocation) {}

  private static final List<Call> CALLS =
      List.of(
          new Call(
              "open",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.OPENAT, d, p, Open.O_RDONLY)),
          new Call(
              "open-for-path",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.OPENAT, d, p, Open.O_PATH)),
          new Call(
              "create",
              Kind.MAKES,
              true,
              false,
              (t, d, p) ->
                  t.sys()
                      .call(SystemCall.OPENAT, d, p, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL)),
          new Call(
              "mkdir",
              Kind.MAKES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.MKDIRAT, d, p, 0755)),
          new Call(
              "mknod",
              Kind.MAKES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.MKNODAT, d, p, S_IFIFO | 0644, 0)),
          new Call(
              "symlink",
              Kind.MAKES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.SYMLINKAT, "target", d, p)),
          new Call(
              "link-to",
              Kind.MAKES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.LINKAT, AT_FDCWD, "file", d, p, 0)),
          new Call(
              "rename-to",
              Kind.MAKES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.RENAMEAT2, AT_FDCWD, "file", d, p, 0)),
          new Call(
              "link-from",
              Kind.USES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.LINKAT, d, p, AT_FDCWD, "made", 0)),
          new Call(
              "rename-from",
              Kind.USES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.RENAMEAT2, d, p, AT_FDCWD, "made", 0)),
          new Call(
              "exchange-with",
              Kind.USES,
              true,
              false,
              (t, d, p) ->
                  t.sys().call(SystemCall.RENAMEAT2, AT_FDCWD, "file", d, p, RENAME_EXCHANGE)),
          new Call(
              "unlink",
              Kind.USES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.UNLINKAT, d, p, 0)),
          new Call(
              "rmdir",
              Kind.USES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.UNLINKAT, d, p, AT_REMOVEDIR)),
          new Call(
              "chmod",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.FCHMODAT, d, p, 0600)),
          new Call(
              "chown",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.FCHOWNAT, d, p, 1, 1, 0)),
          new Call(
              "lchown",
              Kind.USES,
              true,
              false,
              (t, d, p) -> t.sys().call(SystemCall.FCHOWNAT, d, p, 1, 1, AT_SYMLINK_NOFOLLOW)),
          new Call(
              "utimensat",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.UTIMENSAT, d, p, null, 0)),
          new Call(
              "access",
              Kind.USES,
              true,
              true,
              (t, d, p) -> t.sys().call(SystemCall.FACCESSAT2, d, p, 0, 0)),
          new Call(
              "stat",
              Kind.USES,
              true,
              true,
              (t, d, p) ->
                  t.sys().call(SystemCall.STATX, d, p, 0, Statx.ALL, NativeMemory.allocate(256))),
          new Call(
              "lstat",
              Kind.USES,
              true,
              false,
              (t, d, p) ->
                  t.sys()
                      .call(
                          SystemCall.STATX,
                          d,
                          p,
                          AT_SYMLINK_NOFOLLOW,
                          Statx.ALL,
                          NativeMemory.allocate(256))),
          new Call(
              "readlink",
              Kind.USES,
              true,
              false,
              (t, d, p) ->
                  t.sys().call(SystemCall.READLINKAT, d, p, NativeMemory.allocate(256), 256)),
          new Call(
              "name-to-handle",
              Kind.USES,
              true,
              false,
              (t, d, p) ->
                  t.sys()
                      .call(
                          SystemCall.NAME_TO_HANDLE_AT,
                          d,
                          p,
                          new FileHandle(FileHandle.MAX_BYTES).struct(),
                          NativeMemory.allocate(8),
                          0)),
          new Call(
              "truncate",
              Kind.USES,
              false,
              true,
              (t, d, p) -> t.sys().call(SystemCall.TRUNCATE, p, 0)),
          new Call(
              "statfs",
              Kind.USES,
              false,
              true,
              (t, d, p) -> t.sys().call(SystemCall.STATFS, p, NativeMemory.allocate(256))),
          new Call("chdir", Kind.USES, false, true, (t, d, p) -> t.sys().call(SystemCall.CHDIR, p)),
          new Call(
              "setxattr",
              Kind.USES,
              false,
              true,
              (t, d, p) ->
                  t.sys()
                      .call(
                          SystemCall.SETXATTR, p, "user.a", NativeMemory.of(new byte[] {1}), 1, 0)),
          new Call(
              "lsetxattr",
              Kind.USES,
              false,
              false,
              (t, d, p) ->
                  t.sys()
                      .call(
                          SystemCall.LSETXATTR,
                          p,
                          "trusted.a",
                          NativeMemory.of(new byte[] {1}),
                          1,
                          0)),
          new Call(
              "getxattr",
              Kind.USES,
              false,
              true,
              (t, d, p) -> t.sys().call(SystemCall.GETXATTR, p, "user.a", null, 0)),
          new Call(
              "listxattr",
              Kind.USES,
              false,
              true,
              (t, d, p) -> t.sys().call(SystemCall.LISTXATTR, p, null, 0)),
          new Call(
              "llistxattr",
              Kind.USES,
              false,
              false,
              (t, d, p) -> t.sys().call(SystemCall.LLISTXATTR, p, null, 0)),
          new Call(
              "removexattr",
              Kind.USES,
              false,
              true,
              (t, d, p) -> t.sys().call(SystemCall.REMOVEXATTR, p, "user.a")));

  @Override
  public String name() {
    return "path";
  }

  @Override
  public void define(CaseList cases) {
    for (Call call : CALLS) {
      defineNames(cases, call);
      defineLengths(cases, call);
      defineLinks(cases, call);
      if (call.at()) {
        defineDescriptors(cases, call);
      }
    }
  }

  private static void defineNames(CaseList cases, Call call) {
    cases.add(
        call.word() + "-below-a-missing-directory",
        t -> {
          t.file("file");
          t.fails(ENOENT, on(t, call, "absent/name"));
          t.same(List.of("file"), List.copyOf(t.names(".")));
        });
    cases.add(
        call.word() + "-below-each-file-type",
        t -> {
          t.file("file");
          for (FileKind kind : FileKind.values()) {
            if (kind != FileKind.DIRECTORY && kind != FileKind.SYMLINK) {
              t.make(kind, kind.word());
              t.fails(ENOTDIR, on(t, call, kind.word() + "/name"));
            }
          }
        });
    cases.add(
        call.word() + "-below-a-dangling-symlink",
        t -> {
          t.file("file");
          t.ok(t.symlink("absent", "dangling"));
          t.fails(ENOENT, on(t, call, "dangling/name"));
        });
    cases.add(
        call.word() + "-below-a-directory-that-denies-search",
        t -> {
          t.file("file");
          t.ok(t.chmod(".", 0777));
          t.directory("denied", 0700);
          t.file("denied/name", 0666);
          t.ok(t.chmod("denied", 0666));
          t.as(
              Sandbox.ALICE,
              () -> {
                t.fails(EACCES, on(t, call, "denied/name"));
                t.fails(EACCES, on(t, call, "denied/absent"));
              });
        });
    cases.add(
        call.word() + "-of-an-empty-path",
        t -> {
          t.file("file");
          t.fails(ENOENT, on(t, call, ""));
        });
    cases.add(
        call.word() + "-of-a-bad-address",
        t -> {
          t.file("file");
          t.fails(EFAULT, on(t, call, 1L));
        });
    if (call.kind() == Kind.USES) {
      cases.add(
          call.word() + "-of-a-missing-name",
          t -> {
            t.file("file");
            t.fails(ENOENT, on(t, call, "absent"));
          });
    }
  }

  private static void defineLengths(CaseList cases, Call call) {
    cases.add(
        call.word() + "-of-the-longest-name",
        t -> {
          t.file("file");
          absentOrMade(t, call, "n".repeat(NAME_MAX));
        });
    cases.add(
        call.word() + "-of-a-name-too-long",
        t -> {
          t.file("file");
          String name = "n".repeat(NAME_MAX + 1);
          t.fails(ENAMETOOLONG, on(t, call, name));
          t.fails(ENAMETOOLONG, on(t, call, name + "/name"));
        });
    cases.add(
        call.word() + "-of-the-longest-path",
        t -> {
          t.file("file");
          absentOrMade(t, call, "./".repeat((PATH_MAX - 2) / 2) + "n");
        });
    cases.add(
        call.word() + "-of-a-path-too-long",
        t -> {
          t.file("file");
          t.fails(ENAMETOOLONG, on(t, call, "./".repeat((PATH_MAX - 2) / 2) + "nn"));
        });
  }

  private static void defineLinks(CaseList cases, Call call) {
    cases.add(
        call.word() + "-below-a-symlink-loop",
        t -> {
          t.file("file");
          t.ok(t.symlink("b", "a"));
          t.ok(t.symlink("a", "b"));
          t.fails(ELOOP, on(t, call, "a/name"));
          if (call.follows()) {
            t.fails(ELOOP, on(t, call, "a"));
          }
        });
    cases.add(
        call.word() + "-below-forty-symlinks",
        t -> {
          t.file("file");
          t.directory("d");
          t.ok(t.symlink("d", "l1"));
          for (int i = 2; i <= MAX_SYMLINKS + 1; i++) {
            t.ok(t.symlink("l" + (i - 1), "l" + i));
          }
          t.fails(ELOOP, on(t, call, "l" + (MAX_SYMLINKS + 1) + "/name"));
          absentOrMade(t, call, "l" + MAX_SYMLINKS + "/name");
        });
  }

  private static void defineDescriptors(CaseList cases, Call call) {
    cases.add(
        call.word() + "-from-a-descriptor-that-is-not-open",
        t -> {
          t.file("file");
          t.fails(EBADF, call.invocation().on(t, 1_000_000, "name"));
        });
    cases.add(
        call.word() + "-from-a-descriptor-of-a-file",
        t -> {
          t.file("file");
          t.file("other");
          int fd = t.fd("other", Open.O_RDONLY);
          t.fails(ENOTDIR, call.invocation().on(t, fd, "name"));
        });
    cases.add(
        call.word() + "-from-a-descriptor-of-a-directory",
        t -> {
          t.file("file");
          t.directory("d");
          int fd = t.fd("d", Open.O_RDONLY | Open.O_DIRECTORY);
          absentOrMade(t, call, fd, "name");
          t.same(call.kind() == Kind.MAKES, t.exists("d/name"));
        });
    cases.add(
        call.word() + "-from-a-removed-directory",
        t -> {
          t.file("file");
          t.directory("d");
          int fd = t.fd("d", Open.O_RDONLY | Open.O_DIRECTORY);
          t.ok(t.rmdir("d"));
          t.fails(ENOENT, call.invocation().on(t, fd, "name"));
        });
  }

  private static long on(Sandbox t, Call call, Object path) {
    return call.invocation().on(t, AT_FDCWD, path);
  }

  private static void absentOrMade(Sandbox t, Call call, String path) {
    absentOrMade(t, call, AT_FDCWD, path);
  }

  /** The path is fine: who makes the name does, and who uses it finds nothing. */
  private static void absentOrMade(Sandbox t, Call call, int directory, String path) {
    long answer = call.invocation().on(t, directory, path);
    if (call.kind() == Kind.MAKES) {
      t.ok(answer);
    } else {
      t.fails(ENOENT, answer);
    }
  }
}
