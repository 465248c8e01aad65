package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFBLK;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFCHR;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFDIR;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFIFO;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFLNK;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFREG;
import static org.telosfs.pjdfstest.syscall.Abi.S_IFSOCK;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.telosfs.pjdfstest.syscall.Abi;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** mkdir(2), mknod(2). */
final class MakeCases implements CaseTable {
  @Override
  public String name() {
    return "make";
  }

  @Override
  public void define(CaseList cases) {
    defineDirectories(cases);
    defineNodes(cases);
    defineDevices(cases);
    defineCommon(cases);
  }

  private static void defineDirectories(CaseList cases) {
    cases.add(
        "mkdir",
        t -> {
          Statx before = t.stat(".");
          t.nextTick();
          t.directory("d");
          Statx made = t.stat("d");
          Statx after = t.stat(".");
          t.same(2, made.links());
          t.same(before.links() + 1, after.links());
          t.same(Set.of(), t.names("d"));
          t.same(made.inode(), t.stat("d/.").inode());
          t.same(after.inode(), t.stat("d/..").inode());
          t.holds(after.modified().compareTo(before.modified()) > 0, "the parent's mtime");
          t.holds(after.changed().compareTo(before.changed()) > 0, "the parent's ctime");
        });
    for (int mode : List.of(0, 0111, 0700, 0755, 0777, 01777)) {
      cases.add(
          String.format("mkdir-with-mode-%04o", mode),
          t -> {
            t.ok(t.mkdir("d", mode));
            t.sameMode(S_IFDIR | mode, t.stat("d").mode());
          });
    }
    cases.add(
        "mkdir-ignores-set-id-bits",
        t -> {
          t.ok(t.mkdir("d", 07777));
          t.sameMode(01777, t.stat("d").permissions());
        });
    cases.add(
        "mkdir-in-a-setgid-directory",
        t -> {
          t.directory("p");
          t.ok(t.chown("p", 0, TEAM));
          t.ok(t.chmod("p", 02777));
          t.as(ALICE, () -> t.directory("p/d"));
          t.sameMode(02755, t.stat("p/d").permissions());
          t.same(TEAM, t.stat("p/d").gid());
          t.same(ALICE.uid(), t.stat("p/d").uid());
        });
    cases.add(
        "mkdir-of-dots",
        t -> {
          t.fails(EEXIST, t.mkdir(".", 0755));
          t.fails(EEXIST, t.mkdir("..", 0755));
          t.fails(EEXIST, t.mkdir("/", 0755));
          t.fails(ENOENT, t.mkdir("absent/.", 0755));
        });
    cases.add("mkdir-with-trailing-slash", t -> t.ok(t.mkdir("d//", 0755)));
    cases.add(
        "mkdir-through-a-dangling-symlink",
        t -> {
          t.ok(t.symlink("absent", "l"));
          t.fails(EEXIST, t.mkdir("l", 0755));
        });
    cases.add(
        "mkdir-two-hundred-deep",
        t -> {
          StringBuilder path = new StringBuilder("d");
          for (int i = 0; i < 200; i++) {
            t.ok(t.mkdir(path.toString(), 0755));
            path.append("/d");
          }
          t.file(path.toString(), "deep");
          t.same("deep", t.content(path.toString()));
        });
  }

  private static void defineNodes(CaseList cases) {
    for (int type : List.of(0, S_IFREG, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK)) {
      cases.add(
          String.format("mknod-of-type-%06o", type),
          t -> {
            t.ok(t.mknod("f", type | 0640, 0x103));
            Statx seen = t.lstat("f");
            t.sameMode((type == 0 ? S_IFREG : type) | 0640, seen.mode());
            t.same(1, seen.links());
            t.same(0L, seen.sizeBytes());
          });
    }
    for (int type : List.of(S_IFLNK, 0010000 | 0020000, 0170000, 0150000)) {
      cases.add(
          String.format("mknod-of-no-type-%06o", type),
          t -> t.fails(EINVAL, t.mknod("f", type | 0644, 0)));
    }
    cases.add("mknod-of-a-directory", t -> t.fails(EPERM, t.mknod("f", S_IFDIR | 0755, 0)));
    cases.add("mknod-with-trailing-slash", t -> t.fails(ENOENT, t.mknod("f/", S_IFIFO | 0644, 0)));
    for (int umask : List.of(022, 077)) {
      cases.add(
          String.format("umask-%03o", umask),
          t -> {
            t.ok(t.chmod(".", 0777));
            t.as(
                ALICE,
                umask,
                () -> {
                  t.ok(t.mkdir("d", 0777));
                  t.ok(t.mknod("p", S_IFIFO | 0666, 0));
                  t.ok(t.mknod("f", S_IFREG | 0666, 0));
                });
            t.sameMode(0777 & ~umask, t.stat("d").permissions());
            t.sameMode(0666 & ~umask, t.stat("p").permissions());
            t.sameMode(0666 & ~umask, t.stat("f").permissions());
          });
    }
    cases.add(
        "socket-by-bind",
        t -> {
          int socket = t.kept(t.sys().call(SystemCall.SOCKET, Abi.AF_UNIX, Abi.SOCK_STREAM, 0));
          ByteBuffer address = NativeMemory.allocate(110);
          address.putShort(0, (short) Abi.AF_UNIX).put(2, (byte) 's');
          t.ok(t.sys().call(SystemCall.BIND, socket, address, 110));
          t.same(S_IFSOCK, t.lstat("s").type());
          int again = t.kept(t.sys().call(SystemCall.SOCKET, Abi.AF_UNIX, Abi.SOCK_STREAM, 0));
          t.holds(
              org.telosfs.pjdfstest.syscall.Errno.EADDRINUSE.is(
                  t.sys().call(SystemCall.BIND, again, address, 110)),
              "a second bind says EADDRINUSE");
        });
  }

  private static void defineDevices(CaseList cases) {
    for (long device : List.of(0x103L, 0xfffffL, 0x12345678L, 0xffffffffL)) {
      for (int type : List.of(S_IFCHR, S_IFBLK)) {
        cases.add(
            String.format("device-number-%x-of-type-%06o", device, type),
            t -> {
              t.ok(t.mknod("f", type | 0600, device));
              long major = (device >> 8) & 0xfff;
              long minor = (device & 0xff) | ((device >> 12) & 0xfff00);
              t.same((major << 32) | minor, t.stat("f").rawDevice());
            });
      }
    }
    cases.add(
        "devices-by-root-alone",
        t -> {
          t.ok(t.chmod(".", 0777));
          t.as(
              ALICE,
              () -> {
                t.fails(EPERM, t.mknod("c", S_IFCHR | 0600, 0x103));
                t.fails(EPERM, t.mknod("b", S_IFBLK | 0600, 0x103));
                t.ok(t.mknod("p", S_IFIFO | 0600, 0));
                t.ok(t.mknod("s", S_IFSOCK | 0600, 0));
                t.ok(t.mknod("f", S_IFREG | 0600, 0));
                t.ok(t.mknod("whiteout", S_IFCHR, 0));
              });
        });
  }

  private static void defineCommon(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "existing-" + kind.word(),
          t -> {
            t.make(kind, "f");
            t.fails(EEXIST, t.mkdir("f", 0755));
            t.fails(EEXIST, t.mknod("f", S_IFIFO | 0644, 0));
            t.fails(EEXIST, t.mknod("f", S_IFCHR | 0644, 0x103));
          });
      cases.add(
          kind.word() + "-in-a-setgid-directory-takes-its-group",
          t -> {
            t.directory("p");
            t.ok(t.chown("p", 0, TEAM));
            t.ok(t.chmod("p", 02777));
            t.make(kind, "p/f");
            t.same(TEAM, t.lstat("p/f").gid());
          });
    }
    cases.add(
        "without-write-permission",
        t -> {
          t.directory("p", 0755);
          t.as(
              ALICE,
              () -> {
                t.fails(EACCES, t.mkdir("p/d", 0755));
                t.fails(EACCES, t.mknod("p/f", S_IFIFO | 0644, 0));
              });
        });
    cases.add(
        "names-of-any-bytes",
        t -> {
          for (char c = 1; c < 256; c++) {
            if (c != '/' && c != '.') {
              t.file(Character.toString(c), "byte " + (int) c);
            }
          }
          t.same(253, t.names(".").size());
          t.same("byte 255", t.content("\u00ff"));
          t.same("byte 10", t.content("\n"));
        });
    cases.add(
        "names-differ-by-case-and-normal-form",
        t -> {
          for (String name : List.of("a", "A", "\u00c3\u00a9", "e\u00cc\u0081", "\u00e9")) {
            t.file(name, name);
          }
          t.same(5, t.names(".").size());
          t.same("e\u00cc\u0081", t.content("e\u00cc\u0081"));
          t.fd(".", O_RDONLY);
        });
  }
}
