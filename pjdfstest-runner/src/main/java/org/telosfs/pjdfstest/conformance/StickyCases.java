package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.conformance.Sandbox.BOB;
import static org.telosfs.pjdfstest.syscall.Abi.RENAME_EXCHANGE;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;

import java.util.List;
import org.telosfs.pjdfstest.syscall.Identity;

/** Directories with the sticky bit: a name is removed by the file's or the directory's owner. */
final class StickyCases implements CaseTable {
  private record Owner(String word, Identity identity) {}

  private interface Removal {
    long of(Sandbox t, FileKind kind);
  }

  private record Call(String word, Removal removal) {}

  private static final List<Owner> OWNERS =
      List.of(new Owner("root", Identity.ROOT), new Owner("alice", ALICE), new Owner("bob", BOB));

  private static final List<Call> CALLS =
      List.of(
          new Call(
              "remove", (t, kind) -> kind == FileKind.DIRECTORY ? t.rmdir("d/f") : t.unlink("d/f")),
          new Call("rename-away", (t, kind) -> t.rename("d/f", "own/away")),
          new Call("rename-within", (t, kind) -> t.rename("d/f", "d/new")),
          new Call("replace", (t, kind) -> t.rename("own/mine", "d/f")),
          new Call("exchange", (t, kind) -> t.rename("own/mine", "d/f", RENAME_EXCHANGE)),
          new Call("exchange-back", (t, kind) -> t.rename("d/f", "own/mine", RENAME_EXCHANGE)));

  @Override
  public String name() {
    return "sticky";
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : List.of(FileKind.REGULAR, FileKind.DIRECTORY, FileKind.SYMLINK)) {
      for (Owner directory : OWNERS) {
        for (Owner file : OWNERS) {
          for (Call call : CALLS) {
            define(cases, kind, directory, file, call);
          }
        }
      }
    }
    cases.add(
        "any-user-may-make-files",
        t -> {
          t.directory("d", 01777);
          t.as(ALICE, () -> t.file("d/f"));
          t.as(ALICE, () -> t.ok(t.unlink("d/f")));
        });
    cases.add(
        "root-may-remove-anything",
        t -> {
          t.directoryOf(ALICE, "d", 01777);
          t.fileOf(BOB, "d/f", 0600);
          t.ok(t.unlink("d/f"));
        });
  }

  private static void define(
      CaseList cases, FileKind kind, Owner directory, Owner file, Call call) {
    boolean allowed = directory.identity().equals(ALICE) || file.identity().equals(ALICE);
    cases.add(
        String.format(
            "alice-%s-%s-of-%s-in-directory-of-%s",
            call.word(), kind.word(), file.word(), directory.word()),
        t -> {
          t.directoryOf(ALICE, "own", 0755);
          t.make(kind, "own/mine");
          t.give("own/mine", ALICE);
          t.directoryOf(directory.identity(), "d", 01777);
          t.make(kind, "d/f");
          t.give("d/f", file.identity());
          if (kind == FileKind.DIRECTORY) {
            t.ok(t.chmod("d/f", 0777)); // Else a move to another parent is refused for that.
          }
          long inode = t.lstat("d/f").inode();
          t.as(
              ALICE,
              () -> {
                if (allowed) {
                  t.ok(call.removal().of(t, kind));
                } else {
                  t.fails(EPERM, call.removal().of(t, kind));
                }
              });
          t.same("gone or moved", allowed, !t.exists("d/f") || t.lstat("d/f").inode() != inode);
        });
  }
}
