package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM_MEMBER;
import static org.telosfs.pjdfstest.syscall.Abi.F_GETFL;
import static org.telosfs.pjdfstest.syscall.Abi.F_SETFL;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EEXIST;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EISDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ELOOP;
import static org.telosfs.pjdfstest.syscall.Errno.ENOENT;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Errno.ENXIO;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Errno.ETXTBSY;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECT;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECTORY;
import static org.telosfs.pjdfstest.syscall.Open.O_EXCL;
import static org.telosfs.pjdfstest.syscall.Open.O_NOATIME;
import static org.telosfs.pjdfstest.syscall.Open.O_NOFOLLOW;
import static org.telosfs.pjdfstest.syscall.Open.O_NONBLOCK;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_TRUNC;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** open(2), openat(2), creat(2). */
final class OpenCases implements CaseTable {
  private static final List<Integer> ACCESS = List.of(O_RDONLY, O_WRONLY, O_RDWR);

  @Override
  public String name() {
    return "open";
  }

  @Override
  public void define(CaseList cases) {
    defineCreation(cases);
    defineModes(cases);
    defineTruncation(cases);
    defineSymlinks(cases);
    defineDirectories(cases);
    defineSpecialFiles(cases);
    definePermissions(cases);
    defineFlags(cases);
    definePathDescriptors(cases);
  }

  private static void defineCreation(CaseList cases) {
    cases.add(
        "create-makes-an-empty-file",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT, 0640);
          Statx seen = t.fstat(fd);
          t.same(0L, seen.sizeBytes());
          t.same(0L, seen.blocks512());
          t.same(1, seen.links());
          t.sameMode(0100640, seen.mode());
          t.same(seen.inode(), t.stat("f").inode());
        });
    cases.add(
        "create-of-existing-opens-it",
        t -> {
          t.file("f", "content");
          int fd = t.fd("f", O_RDWR | O_CREAT, 0);
          t.same("content", t.pread(fd, 10, 0));
          t.sameMode(0644, t.stat("f").permissions());
        });
    for (FileKind kind : FileKind.values()) {
      cases.add(
          "exclusive-create-of-existing-" + kind.word(),
          t -> {
            t.make(kind, "f");
            for (int access : ACCESS) {
              t.fails(EEXIST, t.open("f", access | O_CREAT | O_EXCL));
            }
          });
    }
    cases.add(
        "exclusive-create-of-symlink-to-file",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          t.fails(EEXIST, t.open("l", O_WRONLY | O_CREAT | O_EXCL));
        });
    cases.add(
        "create-through-dangling-symlink",
        t -> {
          t.ok(t.symlink("f", "l"));
          t.fd("l", O_WRONLY | O_CREAT);
          t.same(FileKind.REGULAR.bits(), t.lstat("f").type());
        });
    cases.add(
        "create-with-trailing-slash",
        t -> {
          t.fails(EISDIR, t.open("f/", O_WRONLY | O_CREAT));
          t.holds(!t.exists("f"), "nothing was made");
        });
    cases.add(
        "create-gives-read-only-file-a-writable-descriptor",
        t -> {
          t.ok(t.chmod(".", 0777));
          t.as(
              ALICE,
              () -> {
                int fd = t.fd("f", O_RDWR | O_CREAT, 0);
                t.same(3, t.ok(t.write(fd, "abc")));
                t.same("abc", t.pread(fd, 3, 0));
                t.fails(EACCES, t.open("f", O_RDONLY));
              });
        });
    cases.add(
        "create-changes-the-times-of-its-directory",
        t -> {
          Statx before = t.stat(".");
          t.nextTick();
          t.file("f");
          Statx after = t.stat(".");
          t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
          t.same(after.modified(), after.changed());
        });
    cases.add(
        "create-without-write-permission-on-the-directory",
        t -> {
          t.directoryOf(ALICE, "d", 0555);
          t.as(ALICE, () -> t.fails(EACCES, t.open("d/f", O_WRONLY | O_CREAT)));
          t.directoryOf(ALICE, "e", 0755);
          t.as(BOB, () -> t.fails(EACCES, t.open("e/f", O_WRONLY | O_CREAT)));
        });
    cases.add(
        "create-belongs-to-its-maker",
        t -> {
          t.ok(t.chmod(".", 0777));
          t.as(ALICE, () -> t.file("f"));
          t.same(ALICE.uid(), t.stat("f").uid());
          t.same(ALICE.gid(), t.stat("f").gid());
        });
    cases.add(
        "create-in-a-setgid-directory-takes-its-group",
        t -> {
          t.directory("d");
          t.ok(t.chown("d", 0, TEAM));
          t.ok(t.chmod("d", 02777));
          t.as(ALICE, () -> t.file("d/f"));
          t.same(ALICE.uid(), t.stat("d/f").uid());
          t.same(TEAM, t.stat("d/f").gid());
        });
    cases.add(
        "create-of-setgid-file-by-non-member-drops-the-bit",
        t -> {
          t.directory("d");
          t.ok(t.chown("d", 0, TEAM));
          t.ok(t.chmod("d", 02777));
          t.as(ALICE, () -> t.fd("d/f", O_WRONLY | O_CREAT, 02775));
          t.sameMode(0775, t.stat("d/f").permissions());
          t.as(TEAM_MEMBER, () -> t.fd("d/g", O_WRONLY | O_CREAT, 02775));
          t.sameMode(02775, t.stat("d/g").permissions());
        });
  }

  private static void defineModes(CaseList cases) {
    for (int mode : List.of(0, 0111, 0222, 0444, 0600, 0644, 0777, 01777, 02755, 04755, 07777)) {
      cases.add(
          String.format("create-with-mode-%04o", mode),
          t -> {
            t.fd("f", O_WRONLY | O_CREAT, mode);
            t.sameMode(mode, t.stat("f").permissions());
          });
    }
    for (int umask : List.of(0, 022, 027, 077, 0777)) {
      cases.add(
          String.format("create-under-umask-%03o", umask),
          t -> {
            t.ok(t.chmod(".", 0777));
            t.as(ALICE, umask, () -> t.fd("f", O_WRONLY | O_CREAT, 0777));
            t.sameMode(0777 & ~umask, t.stat("f").permissions());
          });
    }
    cases.add(
        "create-ignores-file-type-bits",
        t -> {
          t.fd("f", O_WRONLY | O_CREAT, 0160644);
          t.sameMode(0100644, t.stat("f").mode());
        });
  }

  private static void defineTruncation(CaseList cases) {
    for (int access : List.of(O_WRONLY, O_RDWR)) {
      cases.add(
          "truncate-empties-with-access-" + access,
          t -> {
            t.file("f", "content");
            Statx before = t.stat("f");
            t.nextTick();
            t.fd("f", access | O_TRUNC);
            Statx after = t.stat("f");
            t.same(0L, after.sizeBytes());
            t.same(0L, after.blocks512());
            t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
            t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          });
    }
    cases.add(
        "truncate-of-empty-file-updates-times",
        t -> {
          t.file("f");
          Statx before = t.stat("f");
          t.nextTick();
          t.fd("f", O_WRONLY | O_TRUNC);
          t.holds(t.stat("f").modified().compareTo(before.modified()) > 0, "mtime went on");
        });
    cases.add(
        "truncate-keeps-inode-and-mode",
        t -> {
          t.file("f", "content");
          Statx before = t.stat("f");
          t.fd("f", O_WRONLY | O_CREAT | O_TRUNC, 0777);
          t.same(before.inode(), t.stat("f").inode());
          t.sameMode(before.mode(), t.stat("f").mode());
        });
    cases.add(
        "truncate-without-write-permission",
        t -> {
          t.file("f", "content");
          t.as(
              ALICE,
              () -> {
                t.fails(EACCES, t.open("f", O_WRONLY | O_TRUNC));
                t.fails(EACCES, t.open("f", O_RDONLY | O_TRUNC));
              });
          t.same(7L, t.stat("f").sizeBytes());
        });
    cases.add(
        "truncate-by-another-user-clears-set-id-bits",
        t -> {
          t.file("f", "content");
          t.ok(t.chmod("f", 06777));
          t.as(ALICE, () -> t.fd("f", O_WRONLY | O_TRUNC));
          t.sameMode(0777, t.stat("f").permissions());
        });
    cases.add(
        "truncate-of-a-fifo-is-ignored",
        t -> {
          t.make(FileKind.FIFO, "f");
          t.fd("f", O_RDWR | O_TRUNC);
        });
  }

  private static void defineSymlinks(CaseList cases) {
    cases.add(
        "symlink-with-nofollow",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          for (int access : ACCESS) {
            t.fails(ELOOP, t.open("l", access | O_NOFOLLOW));
          }
          t.fails(ELOOP, t.open("l", O_WRONLY | O_CREAT | O_NOFOLLOW));
        });
    cases.add(
        "symlink-with-nofollow-and-directory",
        t -> {
          t.directory("d");
          t.ok(t.symlink("d", "l"));
          t.fails(ENOTDIR, t.open("l", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
        });
    cases.add(
        "nofollow-follows-in-the-prefix",
        t -> {
          t.directory("d");
          t.file("d/f", "x");
          t.ok(t.symlink("d", "l"));
          t.fd("l/f", O_RDONLY | O_NOFOLLOW);
        });
    cases.add(
        "symlink-target-relative-to-its-directory",
        t -> {
          t.directory("d");
          t.file("f", "right");
          t.file("d/f", "wrong");
          t.ok(t.symlink("../f", "d/l"));
          t.same("right", t.content("d/l"));
        });
    cases.add(
        "dangling-symlink",
        t -> {
          t.ok(t.symlink("absent", "l"));
          t.fails(ENOENT, t.open("l", O_RDONLY));
        });
  }

  private static void defineDirectories(CaseList cases) {
    cases.add(
        "directory-for-writing",
        t -> {
          t.directory("d");
          t.fails(EISDIR, t.open("d", O_WRONLY));
          t.fails(EISDIR, t.open("d", O_RDWR));
          t.fails(EISDIR, t.open("d", O_RDWR | O_DIRECTORY));
          t.fails(EISDIR, t.open("d", O_RDONLY | O_TRUNC));
        });
    cases.add(
        "directory-with-create",
        t -> {
          t.directory("d");
          t.fails(EISDIR, t.open("d", O_RDONLY | O_CREAT));
          t.fails(EISDIR, t.open("d", O_WRONLY | O_CREAT));
        });
    cases.add(
        "directory-flag-with-create",
        t -> t.fails(EINVAL, t.open("d", O_RDONLY | O_CREAT | O_DIRECTORY)));
    for (FileKind kind : FileKind.values()) {
      if (kind != FileKind.DIRECTORY) {
        cases.add(
            "directory-flag-on-" + kind.word(),
            t -> {
              t.make(kind, "f");
              t.fails(ENOTDIR, t.open("f", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK));
            });
      }
    }
    cases.add(
        "directory-read",
        t -> {
          t.directory("d");
          int fd = t.fd("d", O_RDONLY);
          t.fails(EISDIR, t.sys().read(fd, NativeMemory.allocate(8), 8));
          t.fails(EBADF, t.sys().write(fd, NativeMemory.allocate(8), 8));
        });
    cases.add(
        "file-with-trailing-slash",
        t -> {
          t.file("f");
          t.fails(ENOTDIR, t.open("f/", O_RDONLY));
          t.fails(ENOTDIR, t.open("f/.", O_RDONLY));
          t.directory("d");
          t.fd("d/", O_RDONLY);
          t.fd("d/.", O_RDONLY);
          t.fd("d/..", O_RDONLY);
        });
    cases.add(
        "directory-outlives-its-name",
        t -> {
          t.directory("d");
          int fd = t.fd("d", O_RDONLY | O_DIRECTORY);
          t.ok(t.rmdir("d"));
          t.same(0, t.fstat(fd).links());
          t.fails(ENOENT, t.sys().openat(fd, "f", O_WRONLY | O_CREAT, 0644));
          t.fails(ENOENT, t.sys().mkdirat(fd, "e", 0755));
          t.fails(ENOENT, t.sys().call(SystemCall.GETDENTS64, fd, NativeMemory.allocate(64), 64));
        });
  }

  private static void defineSpecialFiles(CaseList cases) {
    cases.add(
        "fifo-for-writing-without-reader",
        t -> {
          t.make(FileKind.FIFO, "f");
          t.fails(ENXIO, t.open("f", O_WRONLY | O_NONBLOCK));
          int reader = t.fd("f", O_RDONLY | O_NONBLOCK);
          int writer = t.fd("f", O_WRONLY | O_NONBLOCK);
          t.same(3, t.ok(t.write(writer, "abc")));
          ByteBuffer into = NativeMemory.allocate(8);
          t.same(3, t.ok(t.sys().read(reader, into, 8)));
        });
    cases.add(
        "socket",
        t -> {
          t.make(FileKind.SOCKET, "f");
          for (int access : ACCESS) {
            t.fails(ENXIO, t.open("f", access));
          }
        });
    cases.add(
        "device-without-driver",
        t -> {
          t.ok(t.mknod("c", FileKind.CHARACTER_DEVICE.bits() | 0666, 0xffe00));
          long answer = t.open("c", O_RDWR);
          t.holds(ENXIO.is(answer) || answer == -19, "ENXIO or ENODEV: " + answer);
        });
    cases.add(
        "null-device",
        t -> {
          t.ok(t.mknod("null", FileKind.CHARACTER_DEVICE.bits() | 0666, 0x103));
          int fd = t.fd("null", O_RDWR);
          t.same(3, t.ok(t.write(fd, "abc")));
          t.same(0, t.ok(t.sys().read(fd, NativeMemory.allocate(8), 8)));
          t.ok(t.sys().openat(fd, "/", O_RDONLY | O_PATH, 0));
        });
  }

  /** For each class of users: mode bits, and whether reading and writing are granted by them. */
  private static void definePermissions(CaseList cases) {
    for (int bits = 0; bits < 8; bits++) {
      boolean reads = (bits & 4) != 0;
      boolean writes = (bits & 2) != 0;
      for (int shift : List.of(0, 3, 6)) {
        int mode = bits << shift;
        int others = 0777 & ~(7 << shift);
        for (int with : List.of(mode, mode | others)) {
          cases.add(
              String.format(
                  "permission-of-%s-in-mode-%04o",
                  shift == 0 ? "others" : shift == 3 ? "group" : "owner", with),
              t -> {
                t.file("f");
                t.ok(t.chown("f", ALICE.uid(), TEAM));
                t.ok(t.chmod("f", with));
                t.as(
                    classOf(shift),
                    () -> {
                      grants(t, reads, O_RDONLY);
                      grants(t, writes, O_WRONLY);
                      grants(t, reads && writes, O_RDWR);
                    });
              });
        }
      }
    }
    cases.add(
        "permission-of-root",
        t -> {
          t.fileOf(ALICE, "f", 0);
          t.fd("f", O_RDWR);
        });
    cases.add(
        "permission-is-asked-at-open-alone",
        t -> {
          t.fileOf(ALICE, "f", 0600);
          t.as(
              ALICE,
              () -> {
                int fd = t.fd("f", O_RDWR);
                t.ok(t.chmod("f", 0));
                t.same(3, t.ok(t.write(fd, "abc")));
                t.same("abc", t.pread(fd, 3, 0));
              });
        });
    cases.add(
        "permission-of-a-directory",
        t -> {
          t.directoryOf(ALICE, "d", 0311);
          t.as(ALICE, () -> t.fails(EACCES, t.open("d", O_RDONLY)));
          t.as(ALICE, () -> t.fd("d", O_PATH));
        });
  }

  private static org.telosfs.pjdfstest.syscall.Identity classOf(int shift) {
    return switch (shift) {
      case 0 -> BOB;
      case 3 -> TEAM_MEMBER;
      default -> ALICE;
    };
  }

  private static void grants(Sandbox t, boolean granted, int access) {
    long answer = t.open("f", access);
    if (granted) {
      t.sys().close(t.ok(answer));
    } else {
      t.fails(EACCES, answer);
    }
  }

  private static void defineFlags(CaseList cases) {
    cases.add(
        "append-writes-at-the-end",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR | O_APPEND);
          t.same(0, t.ok(t.sys().lseek(fd, 0, SEEK_CUR)));
          t.ok(t.write(fd, "def"));
          t.same(6, t.ok(t.sys().lseek(fd, 0, SEEK_CUR)));
          t.ok(t.sys().lseek(fd, 0, 0));
          t.ok(t.write(fd, "ghi"));
          t.same("abcdefghi", t.content("f"));
        });
    cases.add(
        "append-can-be-set-and-cleared-later",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fcntl(fd, F_SETFL, O_APPEND));
          t.ok(t.write(fd, "d"));
          t.ok(t.sys().fcntl(fd, F_SETFL, 0));
          t.ok(t.sys().lseek(fd, 0, 0));
          t.ok(t.write(fd, "A"));
          t.same("Abcd", t.content("f"));
        });
    cases.add(
        "flags-are-told-back",
        t -> {
          t.file("f");
          int fd = t.fd("f", O_RDWR | O_APPEND | O_NONBLOCK);
          int flags = t.ok(t.sys().fcntl(fd, F_GETFL, 0));
          t.same(O_RDWR | O_APPEND | O_NONBLOCK, flags & 07777);
        });
    cases.add(
        "access-mode-binds",
        t -> {
          t.file("f", "abc");
          int reader = t.fd("f", O_RDONLY);
          t.fails(EBADF, t.write(reader, "x"));
          t.fails(EINVAL, t.sys().ftruncate(reader, 0));
          int writer = t.fd("f", O_WRONLY);
          t.fails(EBADF, t.sys().read(writer, NativeMemory.allocate(1), 1));
        });
    cases.add(
        "noatime-by-owner-and-root-alone",
        t -> {
          t.fileOf(ALICE, "f", 0666);
          t.fd("f", O_RDONLY | O_NOATIME);
          t.as(ALICE, () -> t.fd("f", O_RDONLY | O_NOATIME));
          t.as(BOB, () -> t.fails(EPERM, t.open("f", O_RDONLY | O_NOATIME)));
        });
    cases.add(
        "direct-reads-and-writes-aligned",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT | O_DIRECT);
          ByteBuffer block = NativeMemory.allocateAligned(4096, 4096);
          for (int i = 0; i < 4096; i++) {
            block.put(i, (byte) i);
          }
          t.same(4096, t.ok(t.sys().pwrite(fd, block, 4096, 4096)));
          ByteBuffer read = NativeMemory.allocateAligned(8192, 4096);
          t.same(8192, t.ok(t.sys().pread(fd, read, 8192, 0)));
          t.same((byte) 0, read.get(4095));
          t.same((byte) 77, read.get(4096 + 77));
          int buffered = t.fd("f", O_RDONLY);
          t.same((byte) 77, (byte) t.pread(buffered, 1, 4096 + 77).charAt(0));
        });
    cases.add(
        "direct-sees-buffered-writes-and-the-reverse",
        t -> {
          int buffered = t.fd("f", O_RDWR | O_CREAT);
          int direct = t.fd("f", O_RDWR | O_DIRECT);
          t.ok(t.write(buffered, "a".repeat(4096)));
          ByteBuffer block = NativeMemory.allocateAligned(4096, 4096);
          t.same(4096, t.ok(t.sys().pread(direct, block, 4096, 0)));
          t.same((byte) 'a', block.get(4095));
          block.put(0, (byte) 'b');
          t.same(4096, t.ok(t.sys().pwrite(direct, block, 4096, 0)));
          t.same("ba", t.pread(buffered, 2, 0));
        });
    cases.add(
        "running-program-for-writing",
        t -> {
          Program sleeping = Program.copyOfSleep(t, "program");
          try {
            t.fails(ETXTBSY, t.open("program", O_WRONLY));
            t.fails(ETXTBSY, t.open("program", O_RDWR));
            t.fails(ETXTBSY, t.sys().truncate("program", 0));
            t.fd("program", O_RDONLY);
            t.ok(t.unlink("program"));
          } finally {
            sleeping.end();
          }
        });
    cases.add(
        "program-open-for-writing-does-not-run",
        t -> {
          t.file("program", "#!/bin/sh\n");
          t.ok(t.chmod("program", 0755));
          t.fd("program", O_WRONLY);
          t.holds(Program.run(t, "./program").said().contains("Text file busy"), "said ETXTBSY");
        });
  }

  private static void definePathDescriptors(CaseList cases) {
    cases.add(
        "path-descriptor-has-no-content",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_PATH);
          t.fails(EBADF, t.sys().read(fd, NativeMemory.allocate(1), 1));
          t.fails(EBADF, t.write(fd, "x"));
          t.fails(EBADF, t.sys().fchmod(fd, 0600));
          t.fails(EBADF, t.sys().fchown(fd, 0, 0));
          t.fails(EBADF, t.sys().ftruncate(fd, 0));
          t.fails(EBADF, t.sys().call(SystemCall.FGETXATTR, fd, "user.a", null, 0));
          t.same(3L, t.fstat(fd).sizeBytes());
        });
    cases.add(
        "path-descriptor-needs-no-permission-on-the-file",
        t -> {
          t.fileOf(BOB, "f", 0);
          t.as(ALICE, () -> t.fd("f", O_PATH));
        });
    cases.add(
        "path-descriptor-of-a-symlink",
        t -> {
          t.ok(t.symlink("target", "l"));
          int fd = t.fd("l", O_PATH | O_NOFOLLOW);
          t.same(FileKind.SYMLINK.bits(), t.fstat(fd).type());
          ByteBuffer into = NativeMemory.allocate(16);
          t.same(6, t.ok(t.sys().readlinkat(fd, "", into, 16)));
        });
    cases.add(
        "path-descriptor-reopened-through-proc",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_PATH);
          t.ok(t.rename("f", "g"));
          t.same("abc", t.content("/proc/self/fd/" + fd));
        });
    cases.add(
        "file-outlives-its-name",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.ok(t.unlink("f"));
          Statx seen = t.fstat(fd);
          t.same(0, seen.links());
          t.same("abc", t.pread(fd, 8, 0));
          t.ok(t.write(fd, "xyz1"));
          t.same("xyz1", t.pread(fd, 8, 0));
          t.same(4L, t.fstat(fd).sizeBytes());
          t.same("xyz1", t.content("/proc/self/fd/" + fd));
        });
  }
}
