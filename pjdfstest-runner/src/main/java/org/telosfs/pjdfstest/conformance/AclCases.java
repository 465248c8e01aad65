package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM;
import static org.telosfs.pjdfstest.conformance.Sandbox.TEAM_MEMBER;
import static org.telosfs.pjdfstest.syscall.Abi.R_OK;
import static org.telosfs.pjdfstest.syscall.Abi.W_OK;
import static org.telosfs.pjdfstest.syscall.Abi.X_OK;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENODATA;
import static org.telosfs.pjdfstest.syscall.Errno.EOPNOTSUPP;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_TMPFILE;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;

/** POSIX access control lists (acl(5)): kept, enforced, masked, inherited. */
final class AclCases implements CaseTable {
  /** One of each kind of entry. */
  private static final Acl FULL =
      Acl.of(
          Acl.owner(6),
          Acl.user(ALICE.uid(), 4),
          Acl.group(4),
          Acl.group(TEAM, 2),
          Acl.mask(6),
          Acl.other(0));

  @Override
  public String name() {
    return "acl";
  }

  private static void set(Sandbox t, String path, String kind, Acl acl) {
    t.ok(t.sys().setxattr(path, kind, acl.bytes(), 0));
  }

  private static Acl get(Sandbox t, String path, String kind) {
    ByteBuffer into = NativeMemory.allocate(4096);
    int size = t.ok(t.sys().getxattr(path, kind, into, 4096));
    return Acl.read(NativeMemory.bytes(into, 0, size));
  }

  @Override
  public void define(CaseList cases) {
    defineKeeping(cases);
    defineModes(cases);
    defineEnforcement(cases);
    defineInheritance(cases);
    defineRefusals(cases);
  }

  private static void defineKeeping(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      if (kind == FileKind.SYMLINK) {
        continue;
      }
      cases.add(
          "set-and-get-on-" + kind.word(),
          t -> {
            t.make(kind, "f");
            set(t, "f", Acl.ACCESS, FULL);
            t.same(FULL, get(t, "f", Acl.ACCESS));
            t.sameMode(0660, t.stat("f").permissions());
            t.ok(t.sys().removexattr("f", Acl.ACCESS));
            t.fails(ENODATA, t.sys().getxattr("f", Acl.ACCESS, null, 0));
            t.same(kind.bits(), t.stat("f").type());
          });
    }
    cases.add(
        "default-of-a-directory",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, FULL);
          t.same(FULL, get(t, "d", Acl.DEFAULT));
          t.sameMode(0755, t.stat("d").permissions());
          t.fails(ENODATA, t.sys().getxattr("d", Acl.ACCESS, null, 0));
          t.ok(t.sys().removexattr("d", Acl.DEFAULT));
          t.fails(ENODATA, t.sys().getxattr("d", Acl.DEFAULT, null, 0));
        });
    cases.add(
        "listed-with-the-others",
        t -> {
          t.directory("d");
          t.ok(t.sys().setxattr("d", "user.a", new byte[] {1}, 0));
          set(t, "d", Acl.ACCESS, FULL);
          set(t, "d", Acl.DEFAULT, FULL);
          ByteBuffer into = NativeMemory.allocate(4096);
          int size = t.ok(t.sys().listxattr("d", into, 4096));
          List<String> names =
              List.of(NativeMemory.text(NativeMemory.bytes(into, 0, size)).split("\0", -1));
          t.holds(names.containsAll(List.of(Acl.ACCESS, Acl.DEFAULT, "user.a")), names.toString());
        });
    cases.add(
        "no-more-than-a-mode-is-the-mode",
        t -> {
          t.file("f");
          set(t, "f", Acl.ACCESS, Acl.ofMode(0751));
          t.sameMode(0751, t.stat("f").permissions());
          t.fails(ENODATA, t.sys().getxattr("f", Acl.ACCESS, null, 0));
        });
    cases.add(
        "many-entries",
        t -> {
          t.file("f");
          List<Acl.Entry> entries = new ArrayList<>(List.of(Acl.owner(7)));
          for (int i = 0; i < 40; i++) {
            entries.add(Acl.user(1000 + i, i % 8));
          }
          entries.addAll(List.of(Acl.group(5), Acl.mask(7), Acl.other(1)));
          Acl acl = new Acl(entries);
          set(t, "f", Acl.ACCESS, acl);
          t.same(acl, get(t, "f", Acl.ACCESS));
        });
    cases.add(
        "set-changes-ctime",
        t -> {
          t.file("f");
          Statx before = t.stat("f");
          t.nextTick();
          set(t, "f", Acl.ACCESS, FULL);
          t.holds(t.stat("f").changed().compareTo(before.changed()) > 0, "ctime went on");
          t.same(before.modified(), t.stat("f").modified());
        });
    cases.add(
        "empty-value-removes",
        t -> {
          t.file("f");
          set(t, "f", Acl.ACCESS, FULL);
          t.ok(t.sys().setxattr("f", Acl.ACCESS, Acl.of().bytes(), 0));
          t.fails(ENODATA, t.sys().getxattr("f", Acl.ACCESS, null, 0));
        });
  }

  private static void defineModes(CaseList cases) {
    cases.add(
        "chmod-changes-owner-mask-and-other",
        t -> {
          t.file("f");
          set(t, "f", Acl.ACCESS, FULL);
          t.ok(t.chmod("f", 0721));
          t.sameMode(0721, t.stat("f").permissions());
          t.same(
              Acl.of(
                  Acl.owner(7),
                  Acl.user(ALICE.uid(), 4),
                  Acl.group(4),
                  Acl.group(TEAM, 2),
                  Acl.mask(2),
                  Acl.other(1)),
              get(t, "f", Acl.ACCESS));
        });
    cases.add(
        "mask-is-the-group-of-the-mode",
        t -> {
          t.file("f");
          set(
              t,
              "f",
              Acl.ACCESS,
              Acl.of(Acl.owner(7), Acl.user(1, 7), Acl.group(7), Acl.mask(4), Acl.other(1)));
          t.sameMode(0741, t.stat("f").permissions());
        });
    cases.add(
        "group-is-the-group-of-the-mode-without-a-mask",
        t -> {
          t.file("f");
          set(t, "f", Acl.ACCESS, Acl.of(Acl.owner(7), Acl.group(5), Acl.other(1)));
          t.sameMode(0751, t.stat("f").permissions());
        });
    cases.add(
        "set-id-and-sticky-bits-stay",
        t -> {
          t.directory("d");
          t.ok(t.chmod("d", 07755));
          set(t, "d", Acl.ACCESS, FULL);
          t.sameMode(07660, t.stat("d").permissions());
        });
    cases.add(
        "setgid-goes-when-its-setter-is-not-in-the-group",
        t -> {
          t.file("f");
          t.ok(t.chown("f", ALICE.uid(), TEAM));
          t.ok(t.chmod("f", 02755));
          t.as(ALICE, () -> set(t, "f", Acl.ACCESS, FULL));
          t.sameMode(0660, t.stat("f").permissions());
          t.file("g");
          t.ok(t.chown("g", TEAM_MEMBER.uid(), TEAM));
          t.ok(t.chmod("g", 02755));
          t.as(TEAM_MEMBER, () -> set(t, "g", Acl.ACCESS, FULL));
          t.sameMode(02660, t.stat("g").permissions());
        });
    cases.add(
        "removal-leaves-the-mode",
        t -> {
          t.file("f");
          set(t, "f", Acl.ACCESS, FULL);
          t.ok(t.sys().removexattr("f", Acl.ACCESS));
          t.sameMode(0660, t.stat("f").permissions());
        });
  }

  /** Who has which of the permissions 4 and 2 by a list; the file belongs to root and group 0. */
  private record Grant(String word, Acl acl, Identity who, int granted) {}

  private static final int OTHER_TEAM = TEAM + 1;

  private static final List<Grant> GRANTS =
      List.of(
          new Grant("named-user", acl(6, 7), ALICE, 4),
          new Grant("named-user-under-a-mask", acl(6, 2), ALICE, 0),
          new Grant("named-user-beats-other", acl(6, 7, Acl.other(6)), ALICE, 4),
          new Grant("other-is-not-masked", acl(6, 0, Acl.other(6)), BOB, 6),
          new Grant("named-group", acl(6, 7), TEAM_MEMBER, 2),
          new Grant("named-group-under-a-mask", acl(6, 5), TEAM_MEMBER, 0),
          new Grant("named-group-beats-other", acl(6, 7, Acl.other(6)), TEAM_MEMBER, 2),
          new Grant(
              "named-user-beats-named-group",
              acl(6, 7),
              Identity.of(ALICE.uid(), ALICE.gid(), TEAM),
              4),
          new Grant("owning-group", acl(6, 7), Identity.of(64_020, 0), 4),
          new Grant("owning-group-under-a-mask", acl(6, 2), Identity.of(64_020, 0), 0),
          new Grant(
              "any-of-two-groups-grants",
              Acl.of(
                  Acl.owner(6),
                  Acl.group(0),
                  Acl.group(TEAM, 2),
                  Acl.group(OTHER_TEAM, 4),
                  Acl.mask(7),
                  Acl.other(0)),
              Identity.of(64_021, 64_021, TEAM, OTHER_TEAM),
              -6), // Each of both, but not both at once: no single entry grants them.
          new Grant("nobody-named", acl(6, 7), BOB, 0));

  private static Acl acl(int owner, int mask) {
    return acl(owner, mask, Acl.other(0));
  }

  private static Acl acl(int owner, int mask, Acl.Entry other) {
    return Acl.of(
        Acl.owner(owner),
        Acl.user(ALICE.uid(), 4),
        Acl.group(4),
        Acl.group(TEAM, 2),
        Acl.mask(mask),
        other);
  }

  private static void defineEnforcement(CaseList cases) {
    for (Grant grant : GRANTS) {
      cases.add(
          "grants-" + grant.word(),
          t -> {
            t.file("f", "content");
            set(t, "f", Acl.ACCESS, grant.acl());
            t.as(
                grant.who(),
                () -> {
                  boolean apart = grant.granted() < 0;
                  int granted = Math.abs(grant.granted());
                  expect(t, (granted & 4) != 0, O_RDONLY);
                  expect(t, (granted & 2) != 0, O_WRONLY);
                  expect(t, granted == 6 && !apart, O_RDWR);
                  t.same((granted & 4) != 0 ? 0L : -EACCES.number(), t.access("f", R_OK));
                  t.same((granted & 2) != 0 ? 0L : -EACCES.number(), t.access("f", W_OK));
                  t.fails(EACCES, t.access("f", X_OK));
                });
          });
    }
    cases.add(
        "owner-is-not-masked",
        t -> {
          t.fileOf(BOB, "f", 0600);
          set(t, "f", Acl.ACCESS, acl(6, 0));
          t.as(BOB, () -> expect(t, true, O_RDWR));
        });
    cases.add(
        "owner-entry-beats-a-named-user",
        t -> {
          t.fileOf(ALICE, "f", 0600);
          set(t, "f", Acl.ACCESS, acl(0, 7));
          t.as(ALICE, () -> expect(t, false, O_RDONLY));
        });
    cases.add(
        "root-needs-none",
        t -> {
          t.fileOf(BOB, "f", 0);
          set(t, "f", Acl.ACCESS, acl(0, 0));
          expect(t, true, O_RDWR);
        });
    cases.add(
        "search-and-write-of-directories",
        t -> {
          t.directory("d", 0700);
          t.file("d/f", 0644);
          t.as(ALICE, () -> t.fails(EACCES, t.open("d/f", O_RDONLY)));
          set(
              t,
              "d",
              Acl.ACCESS,
              Acl.of(
                  Acl.owner(7), Acl.user(ALICE.uid(), 3), Acl.group(0), Acl.mask(7), Acl.other(0)));
          t.as(
              ALICE,
              () -> {
                t.fd("d/f", O_RDONLY);
                t.file("d/new");
                t.fails(EACCES, t.open("d", O_RDONLY));
              });
          t.as(BOB, () -> t.fails(EACCES, t.open("d/f", O_RDONLY)));
          t.ok(t.chmod("d", 0710));
          t.as(ALICE, () -> t.fails(EACCES, t.open("d/another", O_CREAT | O_WRONLY)));
        });
    cases.add(
        "change-holds-at-once",
        t -> {
          t.file("f", 0600);
          for (int i = 0; i < 5; i++) {
            t.as(ALICE, () -> expect(t, false, O_RDONLY));
            set(t, "f", Acl.ACCESS, acl(6, 7));
            t.as(ALICE, () -> expect(t, true, O_RDONLY));
            t.ok(t.sys().removexattr("f", Acl.ACCESS));
            t.ok(t.chmod("f", 0600));
          }
        });
  }

  private static void expect(Sandbox t, boolean granted, int access) {
    long answer = t.open("f", access);
    if (granted) {
      t.sys().close(t.ok(answer));
    } else {
      t.fails(EACCES, answer);
    }
  }

  private static final Acl INHERITED =
      Acl.of(Acl.owner(7), Acl.user(ALICE.uid(), 7), Acl.group(5), Acl.mask(7), Acl.other(4));

  private static Acl inherited(int owner, int mask, int other) {
    return Acl.of(
        Acl.owner(owner), Acl.user(ALICE.uid(), 7), Acl.group(5), Acl.mask(mask), Acl.other(other));
  }

  private static void defineInheritance(CaseList cases) {
    cases.add(
        "new-file-inherits",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.file("d/f", 0666);
          t.same(inherited(6, 6, 4), get(t, "d/f", Acl.ACCESS));
          t.sameMode(0664, t.stat("d/f").permissions());
          t.file("d/g", 0600);
          t.same(inherited(6, 0, 0), get(t, "d/g", Acl.ACCESS));
          t.sameMode(0600, t.stat("d/g").permissions());
        });
    cases.add(
        "umask-plays-no-part-where-a-default-is",
        t -> {
          t.directory("d", 0777);
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.as(
              Identity.of(64_030, 64_030),
              077,
              () -> {
                t.file("d/f", 0666);
                t.ok(t.mkdir("d/sub", 0777));
              });
          t.sameMode(0664, t.stat("d/f").permissions());
          t.sameMode(0774, t.stat("d/sub").permissions());
        });
    cases.add(
        "umask-holds-where-none-is",
        t -> {
          t.directory("d", 0777);
          set(t, "d", Acl.ACCESS, acl(7, 7, Acl.other(7)));
          t.as(BOB, 027, () -> t.file("d/f", 0666));
          t.sameMode(0640, t.stat("d/f").permissions());
          t.fails(ENODATA, t.sys().getxattr("d/f", Acl.ACCESS, null, 0));
        });
    cases.add(
        "new-directory-inherits-both",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.ok(t.mkdir("d/sub", 0777));
          t.same(INHERITED, get(t, "d/sub", Acl.DEFAULT));
          t.same(inherited(7, 7, 4), get(t, "d/sub", Acl.ACCESS));
          t.ok(t.mkdir("d/sub/deeper", 0700));
          t.same(INHERITED, get(t, "d/sub/deeper", Acl.DEFAULT));
          t.sameMode(0700, t.stat("d/sub/deeper").permissions());
        });
    for (FileKind kind : List.of(FileKind.FIFO, FileKind.SOCKET, FileKind.CHARACTER_DEVICE)) {
      cases.add(
          "new-" + kind.word() + "-inherits",
          t -> {
            t.directory("d");
            set(t, "d", Acl.DEFAULT, INHERITED);
            t.make(kind, "d/f", 0666);
            t.same(inherited(6, 6, 4), get(t, "d/f", Acl.ACCESS));
          });
    }
    cases.add(
        "new-symlink-inherits-nothing",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.ok(t.symlink("x", "d/l"));
          t.sameMode(0777, t.lstat("d/l").permissions());
        });
    cases.add(
        "file-without-a-name-inherits",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          int fd = t.fd("d", O_TMPFILE | O_RDWR, 0666);
          t.sameMode(0664, t.fstat(fd).permissions());
          t.same(44, t.ok(t.sys().fgetxattr(fd, Acl.ACCESS, null, 0)));
        });
    cases.add(
        "minimal-default-sets-the-mode-alone",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, Acl.ofMode(0640));
          t.file("d/f", 0666);
          t.sameMode(0640, t.stat("d/f").permissions());
          t.fails(ENODATA, t.sys().getxattr("d/f", Acl.ACCESS, null, 0));
          t.ok(t.mkdir("d/sub", 0777));
          t.same(Acl.ofMode(0640), get(t, "d/sub", Acl.DEFAULT));
        });
    cases.add(
        "move-inherits-nothing",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.file("f");
          t.ok(t.rename("f", "d/f"));
          t.fails(ENODATA, t.sys().getxattr("d/f", Acl.ACCESS, null, 0));
          t.sameMode(0644, t.stat("d/f").permissions());
        });
    cases.add(
        "later-default-changes-nothing-made-before",
        t -> {
          t.directory("d");
          t.file("d/f");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.fails(ENODATA, t.sys().getxattr("d/f", Acl.ACCESS, null, 0));
        });
    cases.add(
        "inherited-list-is-enforced",
        t -> {
          t.directory("d");
          set(t, "d", Acl.DEFAULT, INHERITED);
          t.file("d/f", 0660);
          t.as(ALICE, () -> t.fd("d/f", O_RDWR));
          t.as(BOB, () -> t.fails(EACCES, t.open("d/f", O_RDONLY)));
        });
  }

  private static void defineRefusals(CaseList cases) {
    Acl.Entry alice = Acl.user(ALICE.uid(), 4);
    record Bad(String word, Acl acl) {}
    List<Bad> bad =
        List.of(
            new Bad("without-an-owner", Acl.of(Acl.group(4), Acl.other(4))),
            new Bad("without-a-group", Acl.of(Acl.owner(4), Acl.other(4))),
            new Bad("without-other", Acl.of(Acl.owner(4), Acl.group(4))),
            new Bad("without-a-mask", Acl.of(Acl.owner(6), alice, Acl.group(4), Acl.other(4))),
            new Bad(
                "out-of-order",
                Acl.of(Acl.owner(6), Acl.group(4), alice, Acl.mask(7), Acl.other(4))),
            new Bad(
                "with-two-owners", Acl.of(Acl.owner(6), Acl.owner(6), Acl.group(4), Acl.other(4))),
            new Bad(
                "with-permissions-beyond-seven", Acl.of(Acl.owner(8), Acl.group(4), Acl.other(4))),
            new Bad(
                "with-a-tag-that-is-none",
                Acl.of(Acl.owner(6), new Acl.Entry(3, 4, 0), Acl.group(4), Acl.other(4))));
    for (Bad each : bad) {
      cases.add(
          "list-" + each.word(),
          t -> {
            t.directory("d");
            t.fails(EINVAL, t.sys().setxattr("d", Acl.ACCESS, each.acl().bytes(), 0));
            t.fails(EINVAL, t.sys().setxattr("d", Acl.DEFAULT, each.acl().bytes(), 0));
            t.sameMode(0755, t.stat("d").permissions());
            t.fails(ENODATA, t.sys().getxattr("d", Acl.ACCESS, null, 0));
          });
    }
    cases.add(
        "list-of-another-version",
        t -> {
          t.file("f");
          t.fails(EOPNOTSUPP, t.sys().setxattr("f", Acl.ACCESS, FULL.bytes(1), 0));
        });
    cases.add(
        "list-cut-short",
        t -> {
          t.file("f");
          byte[] whole = FULL.bytes();
          for (int length : List.of(1, 3, 5, 11, whole.length - 1)) {
            t.fails(EINVAL, t.sys().setxattr("f", Acl.ACCESS, Arrays.copyOf(whole, length), 0));
          }
        });
    cases.add(
        "default-of-what-is-no-directory",
        t -> {
          t.file("f");
          t.fails(EACCES, t.sys().setxattr("f", Acl.DEFAULT, FULL.bytes(), 0));
          t.fails(ENODATA, t.sys().getxattr("f", Acl.DEFAULT, null, 0));
        });
    cases.add(
        "of-a-symlink",
        t -> {
          t.ok(t.symlink("absent", "l"));
          t.fails(EOPNOTSUPP, t.sys().lsetxattr("l", Acl.ACCESS, FULL.bytes(), 0));
          t.fails(EOPNOTSUPP, t.sys().lgetxattr("l", Acl.ACCESS, null, 0));
        });
    cases.add(
        "by-another-than-the-owner",
        t -> {
          t.fileOf(BOB, "f", 0666);
          t.as(
              ALICE,
              () -> {
                t.fails(EPERM, t.sys().setxattr("f", Acl.ACCESS, FULL.bytes(), 0));
                t.fails(EPERM, t.sys().removexattr("f", Acl.ACCESS));
              });
          t.as(BOB, () -> set(t, "f", Acl.ACCESS, FULL));
          t.as(ALICE, () -> t.same(FULL, get(t, "f", Acl.ACCESS)));
        });
    cases.add(
        "removal-of-what-is-not-there",
        t -> {
          t.directory("d");
          t.ok(t.sys().removexattr("d", Acl.DEFAULT));
          t.ok(t.sys().removexattr("d", Acl.ACCESS));
        });
  }
}
