package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM_MEMBER;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EACCESS;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_STATX_DONT_SYNC;
import static org.telosfs.pjdfstest.syscall.Abi.AT_STATX_FORCE_SYNC;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Abi.F_OK;
import static org.telosfs.pjdfstest.syscall.Abi.R_OK;
import static org.telosfs.pjdfstest.syscall.Abi.W_OK;
import static org.telosfs.pjdfstest.syscall.Abi.X_OK;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.pjdfstest.syscall.FileTimes;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.StatFs;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** stat(2), statx(2), statfs(2), access(2), faccessat2(2). */
final class StatCases implements CaseTable {
  @Override
  public String name() {
    return "stat";
  }

  @Override
  public void define(CaseList cases) {
    defineKinds(cases);
    defineBirth(cases);
    defineStatx(cases);
    defineStatfs(cases);
    defineAccess(cases);
  }

  private static void defineKinds(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          kind.word(),
          t -> {
            t.make(kind, "f");
            Statx seen = t.lstat("f");
            t.same(kind.bits(), seen.type());
            t.same(0, seen.uid());
            t.same(0, seen.gid());
            t.same(kind == FileKind.DIRECTORY ? 2 : 1, seen.links());
            t.same(t.stat(".").device(), seen.device());
            t.holds(seen.blockBytes() >= 512, "a block size");
            t.holds(seen.inode() != t.stat(".").inode(), "an inode number of its own");
            t.same(seen.modified(), seen.changed());
            t.same(Statx.BASIC, seen.mask() & Statx.BASIC);
          });
      cases.add(
          kind.word() + "-needs-no-permission-on-it",
          t -> {
            t.make(kind, "f", 0);
            t.as(ALICE, () -> t.same(kind.bits(), t.lstat("f").type()));
          });
    }
    cases.add(
        "inode-number-is-the-same-through-every-name",
        t -> {
          t.directory("d");
          t.file("d/f");
          long inode = t.stat("d/f").inode();
          t.ok(t.link("d/f", "g"));
          t.same(inode, t.stat("g").inode());
          t.ok(t.rename("d/f", "h"));
          t.same(inode, t.stat("h").inode());
          t.same(inode, t.fstat(t.fd("h", O_RDONLY)).inode());
        });
    cases.add(
        "blocks-follow-the-content",
        t -> {
          t.file("f", "x".repeat(1 << 20));
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fsync(fd));
          long blocks = t.stat("f").blocks512();
          t.holds(blocks >= 2048 && blocks < 4096, "about 1 MiB: " + blocks);
        });
  }

  private static void defineBirth(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "birth-time-of-" + kind.word(),
          t -> {
            t.file("earlier");
            t.nextTick();
            t.make(kind, "f");
            Statx made = t.lstat("f");
            t.same(Statx.BTIME, made.mask() & Statx.BTIME);
            t.holds(made.born().compareTo(t.stat("earlier").modified()) > 0, "not before");
            t.same(made.changed(), made.born());
            t.nextTick();
            t.ok(t.lchown("f", 1, 1));
            t.ok(t.rename("f", "g"));
            t.ok(t.sys().utimensat(AT_FDCWD, "g", FileTimes.seconds(1, 1), AT_SYMLINK_NOFOLLOW));
            t.same(made.born(), t.lstat("g").born());
          });
    }
    cases.add(
        "birth-time-stays-when-content-changes",
        t -> {
          t.file("f");
          Statx made = t.stat("f");
          t.nextTick();
          int fd = t.fd("f", O_RDWR);
          t.ok(t.write(fd, "abc"));
          t.ok(t.sys().ftruncate(fd, 0));
          t.ok(t.sys().fsync(fd));
          t.same(made.born(), t.stat("f").born());
        });
  }

  private static void defineStatx(CaseList cases) {
    cases.add(
        "statx-with-unknown-flags",
        t -> {
          t.file("f");
          ByteBuffer into = NativeMemory.allocate(256);
          t.fails(EINVAL, t.sys().call(SystemCall.STATX, AT_FDCWD, "f", 1, Statx.ALL, into));
          t.fails(
              EINVAL,
              t.sys()
                  .call(
                      SystemCall.STATX,
                      AT_FDCWD,
                      "f",
                      AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC,
                      Statx.ALL,
                      into));
          t.fails(EINVAL, t.sys().call(SystemCall.STATX, AT_FDCWD, "f", 0, 1L << 31, into));
          t.fails(EFAULT, t.sys().call(SystemCall.STATX, AT_FDCWD, "f", 0, Statx.ALL, 1L));
        });
    for (int flags : List.of(AT_STATX_FORCE_SYNC, AT_STATX_DONT_SYNC)) {
      cases.add(
          String.format("statx-with-sync-flag-%x", flags),
          t -> {
            t.file("f", "abc");
            t.same(3L, t.sys().statx(AT_FDCWD, "f", flags, Statx.ALL).sizeBytes());
          });
    }
    cases.add(
        "statx-by-empty-path",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDONLY);
          t.same(3L, t.sys().statx(fd, "", AT_EMPTY_PATH, Statx.ALL).sizeBytes());
          t.same(
              FileKind.DIRECTORY.bits(),
              t.sys().statx(AT_FDCWD, "", AT_EMPTY_PATH, Statx.ALL).type());
        });
    cases.add(
        "statx-of-one-field",
        t -> {
          t.file("f", "abc");
          t.same(3L, t.sys().statx(AT_FDCWD, "f", 0, 0x200).sizeBytes());
        });
  }

  private static void defineStatfs(CaseList cases) {
    cases.add(
        "statfs",
        t -> {
          StatFs seen = t.sys().statfs(t.fd(".", O_RDONLY));
          t.same(255L, seen.nameBytes());
          t.holds(seen.blockBytes() > 0, "a block size");
          t.holds(seen.availableBlocks() <= seen.freeBlocks(), "available within free");
          t.holds(seen.freeBlocks() <= seen.blocks(), "free within all");
          t.holds(seen.freeFiles() <= seen.files(), "free files within all");
        });
    cases.add(
        "statfs-is-refused",
        t -> {
          t.fails(EBADF, t.sys().call(SystemCall.FSTATFS, 1_000_000, NativeMemory.allocate(256)));
          t.fails(EFAULT, t.sys().call(SystemCall.STATFS, ".", 1L));
        });
  }

  private static void defineAccess(CaseList cases) {
    record UserClass(String word, Identity who, int shift) {}
    List<UserClass> classes =
        List.of(
            new UserClass("owner", ALICE, 6),
            new UserClass("group", TEAM_MEMBER, 3),
            new UserClass("others", BOB, 0));
    for (UserClass each : classes) {
      for (int bits = 0; bits < 8; bits++) {
        int granted = bits;
        cases.add(
            "access-by-" + each.word() + "-with-bits-" + bits,
            t -> {
              t.file("f");
              t.ok(t.chown("f", ALICE.uid(), TEAM));
              t.ok(t.chmod("f", granted << each.shift()));
              t.as(
                  each.who(),
                  () -> {
                    for (int asked = 0; asked < 8; asked++) {
                      boolean given = (asked & ~granted) == 0;
                      t.same(given ? 0L : -EACCES.number(), t.access("f", asked));
                    }
                  });
            });
      }
    }
    cases.add(
        "access-by-root",
        t -> {
          t.fileOf(ALICE, "f", 0);
          t.ok(t.access("f", R_OK | W_OK));
          t.fails(EACCES, t.access("f", X_OK));
          t.ok(t.chmod("f", 0001));
          t.ok(t.access("f", R_OK | W_OK | X_OK));
          t.directoryOf(ALICE, "d", 0);
          t.ok(t.access("d", R_OK | W_OK | X_OK));
        });
    cases.add(
        "access-with-unknown-mode-or-flags",
        t -> {
          t.file("f");
          t.fails(EINVAL, t.access("f", 8));
          t.fails(EINVAL, t.sys().faccessat2(AT_FDCWD, "f", F_OK, 1));
        });
    cases.add(
        "access-of-symlinks",
        t -> {
          t.ok(t.symlink("absent", "l"));
          t.fails(ENOENT, t.access("l", F_OK));
          t.ok(t.sys().faccessat2(AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW));
        });
    cases.add(
        "access-by-effective-ids",
        t -> {
          t.fileOf(ALICE, "f", 0600);
          t.as(ALICE, () -> t.ok(t.sys().faccessat2(AT_FDCWD, "f", R_OK, AT_EACCESS)));
          t.as(BOB, () -> t.fails(EACCES, t.sys().faccessat2(AT_FDCWD, "f", R_OK, AT_EACCESS)));
        });
  }
}
