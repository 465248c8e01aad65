package org.telosfs.vfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;

/** Makes {@link VfsOperation}s at random, the usual ones more often than the odd ones. */
final class VfsOperationGenerator {
  /** Any name may be anything, but mostly these are directories, so that paths lead somewhere. */
  private static final Integer[] SHIFTS = {0, 3, 20};

  private static final String[] MOSTLY_DIRECTORIES = {"p", "q", "p", "q", "p", "q", "a"};

  private static final String[] MOSTLY_FILES = {"a", "b", "c", "d", "a", "b", "c", "d", "p"};
  private static final String[] XATTRS = {
    "user.x",
    "user.x",
    "user.y",
    "trusted.z",
    "security.capability",
    "strange.w",
    "system.posix_acl_access",
    "system.posix_acl_default"
  };
  private static final Caller[] CALLERS = {Caller.ROOT, new Caller(1000, 100, 7, 022)};

  private static final OpenFlags EXCLUSIVE = new OpenFlags(0202);

  /** How many directories a path goes through: few, else it seldom leads anywhere. */
  private static final Integer[] DEPTHS = {0, 0, 0, 0, 1, 1, 1, 2};

  private static final int SLOTS = 3;
  private static final int BLOCK = 4096;
  private static final int FAR_BYTES = 1 << 19;

  private final Random random;

  VfsOperationGenerator(Random random) {
    this.random = random;
  }

  List<VfsOperation> next(int count) {
    List<VfsOperation> operations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      operations.add(next());
    }
    return operations;
  }

  private VfsOperation next() {
    return switch (random.nextInt(59)) {
      case 0, 1, 2, 3, 4, 5 -> new VfsOperation.MakeFile(path(), permissions(), one(CALLERS));
      case 6, 7, 8, 9 ->
          new VfsOperation.MakeDirectory(directoryPath(), permissions(), one(CALLERS));
      case 10 -> new VfsOperation.MakeSpecial(path(), one(FileType.values()), 0x0103);
      case 11 -> new VfsOperation.MakeSymlink(path(), "x".repeat(random.nextInt(300)));
      case 12 -> new VfsOperation.ReadLink(target());
      case 13, 14, 15 -> new VfsOperation.Link(target(), path());
      case 16, 17, 18 -> new VfsOperation.Unlink(path());
      case 19, 20 -> new VfsOperation.RemoveDirectory(directoryPath());
      case 21, 22 -> new VfsOperation.Rename(path(), path(), RenameMode.REPLACE);
      case 23 -> new VfsOperation.Rename(directoryPath(), directoryPath(), RenameMode.REPLACE);
      case 24 -> new VfsOperation.Rename(directoryPath(), path(), one(RenameMode.values()));
      case 25 -> new VfsOperation.Rename(path(), path(), one(RenameMode.values()));
      case 26 -> new VfsOperation.Change(target(), AttributeChange.permissions(permissions()));
      case 27 -> new VfsOperation.Change(target(), AttributeChange.owner(owner(), owner()));
      case 28, 29 -> new VfsOperation.Change(target(), AttributeChange.size(offset()));
      case 30 -> new VfsOperation.Change(target(), AttributeChange.times(time(), time()));
      case 31 -> new VfsOperation.Stat(target());
      case 32, 33, 34, 35, 36 ->
          new VfsOperation.Write(
              target(), offset(), length(), random.nextInt(), random.nextInt(4) == 0);
      case 37, 38 -> new VfsOperation.Read(target(), offset(), length());
      case 39, 40 ->
          new VfsOperation.Allocate(target(), one(AllocateMode.values()), offset(), 1 + offset());
      case 41 -> new VfsOperation.Seek(target(), offset(), one(SeekTarget.values()));
      case 42, 50 -> new VfsOperation.Copy(target(), offset(), target(), offset(), length());
      case 51 ->
          new VfsOperation.Copy(
              target(), block(), target(), block(), (long) length() << one(SHIFTS));
      case 43 -> new VfsOperation.ListNames(directoryPath());
      case 44 ->
          new VfsOperation.SetXattr(
              target(),
              one(XATTRS),
              random.nextInt(600),
              random.nextInt(),
              one(XattrMode.values()));
      case 45 ->
          random.nextBoolean()
              ? new VfsOperation.GetXattr(target(), one(XATTRS))
              : new VfsOperation.ListXattrs(target());
      case 46 -> new VfsOperation.RemoveXattr(target(), one(XATTRS));
      case 47 -> new VfsOperation.Hold(slot(), path());
      case 48 -> new VfsOperation.Release(slot());
      case 49 -> new VfsOperation.GetXattr(target(), one(XATTRS));
      case 53, 54 -> new VfsOperation.SetAcl(path(), AclKind.ACCESS, acl(), random.nextBoolean());
      case 55 -> new VfsOperation.SetAcl(directoryPath(), AclKind.DEFAULT, acl(), false);
      case 57 ->
          new VfsOperation.MakeUnnamed(
              slot(),
              random.nextInt(3) == 0 ? "" : directoryPath(),
              permissions(),
              random.nextInt(4) == 0 ? EXCLUSIVE : OpenFlags.READ_WRITE,
              one(CALLERS));
      case 52 -> new VfsOperation.Read(target(), offset(), length());
      default -> new VfsOperation.Sync(target(), random.nextBoolean());
    };
  }

  private <T> T one(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String path() {
    return below(one(MOSTLY_FILES));
  }

  private String directoryPath() {
    return below(one(MOSTLY_DIRECTORIES));
  }

  private String below(String name) {
    StringBuilder path = new StringBuilder();
    for (int depth = one(DEPTHS); depth > 0; depth--) {
      path.append(one(MOSTLY_DIRECTORIES)).append('/');
    }
    return path.append(name).toString();
  }

  private String slot() {
    return "@" + random.nextInt(SLOTS);
  }

  private String target() {
    return random.nextInt(3) == 0 ? slot() : path();
  }

  /** A few entries in the right order, mostly a valid list. */
  private List<AclEntry> acl() {
    List<AclEntry> entries = new ArrayList<>();
    boolean extended = random.nextInt(4) > 0;
    for (AclEntry.Tag tag : AclEntry.Tag.values()) {
      boolean wanted = extended || !(tag.isNamed() || tag == AclEntry.Tag.MASK);
      if (wanted && random.nextInt(20) > 0) {
        int permissions = random.nextInt(AclEntry.ALL + 1);
        entries.add(new AclEntry(tag, permissions, tag.isNamed() ? 1000 : AclEntry.NO_ID));
      }
    }
    return entries;
  }

  private XattrMode xattrMode() {
    return random.nextBoolean() ? XattrMode.SET : one(XattrMode.values());
  }

  private int permissions() {
    return random.nextInt(Attributes.PERMISSION_MASK + 1);
  }

  private Integer owner() {
    return random.nextInt(3) == 0 ? null : Integer.valueOf(random.nextInt(3) * 1000);
  }

  private TimeChange time() {
    return switch (random.nextInt(3)) {
      case 0 -> TimeChange.KEEP;
      case 1 -> TimeChange.NOW;
      default -> new TimeChange.At(new Timestamp(random.nextInt(), random.nextInt(1_000_000_000)));
    };
  }

  /** Near the start, at a block's edge, or anywhere. */
  private long offset() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3 * BLOCK);
      case 1 -> (long) BLOCK * random.nextInt(FAR_BYTES / BLOCK);
      case 2 -> Math.max(0, (long) BLOCK * random.nextInt(20) + random.nextInt(3) - 1);
      default -> random.nextInt(FAR_BYTES);
    };
  }

  private long block() {
    return (long) BLOCK * (random.nextInt(3) == 0 ? 0 : random.nextInt(FAR_BYTES / BLOCK));
  }

  private int length() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(16);
      case 1 -> BLOCK * (1 + random.nextInt(random.nextBoolean() ? 4 : 48));
      case 2 -> random.nextInt(3 * BLOCK);
      default -> random.nextInt(40 * BLOCK);
    };
  }
}
