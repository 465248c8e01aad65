package org.telosfs.vfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;

/**
 * One operation on a tree, made at random over a small space of names, that answers the same on
 * every right tree. Its text is its whole definition, and a seed gives the same sequence for ever.
 *
 * <p>A {@code target} is a path or a slot of {@link VfsSession}; a {@code path} is a path alone.
 */
public sealed interface VfsOperation {

  /** What it does; the result is what a caller would see of it. */
  String runOn(VfsSession session) throws FsException;

  /** Does it; the result, or the errno of the refusal. */
  default String applyTo(VfsSession session) {
    try {
      return runOn(session);
    } catch (FsException refusal) {
      return refusal.errno().name();
    }
  }

  /** The first operations of a seed. */
  static List<VfsOperation> sequence(long seed, int count) {
    return new VfsOperationGenerator(new Random(seed)).next(count);
  }

  /** What a result says when there is nothing to say. */
  String DONE = "done";

  /** mknod(2) of a regular file. */
  record MakeFile(String path, int permissions, Caller caller) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return made(
          session,
          session
              .tree()
              .mknod(
                  caller,
                  session.walk().above(path),
                  PathWalk.name(path),
                  FileType.REGULAR,
                  permissions,
                  0));
    }
  }

  /** mknod(2) of anything, also of what it refuses. */
  record MakeSpecial(String path, FileType type, int device) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return made(
          session,
          session
              .tree()
              .mknod(
                  Caller.ROOT,
                  session.walk().above(path),
                  PathWalk.name(path),
                  type,
                  0600,
                  device));
    }
  }

  /** open(2) with O_TMPFILE; the slot holds what it makes. */
  record MakeUnnamed(String slot, String in, int permissions, OpenFlags flags, Caller caller)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      Entry made = session.tree().tmpfile(caller, session.inode(in), permissions, flags).entry();
      session.hold(slot, made.inode());
      return shown(made.attributes());
    }
  }

  /** mkdir(2). */
  record MakeDirectory(String path, int permissions, Caller caller) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return made(
          session,
          session
              .tree()
              .mkdir(caller, session.walk().above(path), PathWalk.name(path), permissions));
    }
  }

  /** symlink(2). */
  record MakeSymlink(String path, String to) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.walk().symlink(path, to);
      return DONE;
    }
  }

  /** readlink(2). */
  record ReadLink(String target) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return Arrays.toString(session.tree().readlink(Caller.ROOT, session.inode(target)));
    }
  }

  /** link(2), or linkat(2) of what a slot holds. */
  record Link(String target, String path) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return made(
          session,
          session
              .tree()
              .link(
                  Caller.ROOT,
                  session.inode(target),
                  session.walk().above(path),
                  PathWalk.name(path)));
    }
  }

  /** unlink(2). */
  record Unlink(String path) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.walk().unlink(path);
      return DONE;
    }
  }

  /** rmdir(2). */
  record RemoveDirectory(String path) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.walk().rmdir(path);
      return DONE;
    }
  }

  /** renameat2(2). */
  record Rename(String from, String to, RenameMode mode) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.walk().rename(from, to, mode);
      return DONE;
    }
  }

  /** chmod(2), chown(2), truncate(2), utimensat(2). */
  record Change(String target, AttributeChange change) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return shown(session.tree().setattr(Caller.ROOT, session.inode(target), change));
    }
  }

  /** stat(2). */
  record Stat(String target) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return shown(session.tree().getattr(Caller.ROOT, session.inode(target)));
    }
  }

  /** pwrite(2) of bytes that the fill gives. */
  record Write(String target, long offsetBytes, int lengthBytes, int fill, boolean clearPrivileges)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      ByteBuffer data = ByteBuffer.wrap(bytes(lengthBytes, fill));
      return "wrote "
          + session
              .tree()
              .write(
                  Caller.ROOT,
                  session.inode(target),
                  FileHandle.NONE,
                  offsetBytes,
                  data,
                  clearPrivileges ? PrivilegeLoss.ALL : PrivilegeLoss.CAPABILITY);
    }
  }

  /** pread(2). */
  record Read(String target, long offsetBytes, int lengthBytes) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      byte[] had = session.walk().read(session.inode(target), offsetBytes, lengthBytes);
      return "read " + had.length + " with hash " + Arrays.hashCode(had);
    }
  }

  /** fallocate(2). */
  record Allocate(String target, AllocateMode mode, long offsetBytes, long lengthBytes)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session
          .tree()
          .allocate(
              Caller.ROOT, session.inode(target), FileHandle.NONE, mode, offsetBytes, lengthBytes);
      return DONE;
    }
  }

  /** lseek(2). */
  record Seek(String target, long offsetBytes, SeekTarget what) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return "at "
          + session
              .tree()
              .seek(Caller.ROOT, session.inode(target), FileHandle.NONE, offsetBytes, what);
    }
  }

  /** copy_file_range(2). */
  record Copy(String from, long fromOffsetBytes, String to, long toOffsetBytes, long lengthBytes)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return "copied "
          + session
              .tree()
              .copyRange(
                  Caller.ROOT,
                  session.inode(from),
                  FileHandle.NONE,
                  fromOffsetBytes,
                  session.inode(to),
                  FileHandle.NONE,
                  toOffsetBytes,
                  lengthBytes);
    }
  }

  /** The sorted names and types of a directory. */
  record ListNames(String target) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return session.walk().list(session.inode(target)).stream()
          .map(entry -> entry.name() + "=" + entry.type())
          .sorted()
          .toList()
          .toString();
    }
  }

  /** setxattr(2) of bytes that the fill gives. */
  record SetXattr(String target, String name, int lengthBytes, int fill, XattrMode mode)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session
          .tree()
          .setxattr(
              Caller.ROOT,
              session.inode(target),
              XattrName.of(name),
              bytes(lengthBytes, fill),
              mode,
              false);
      return DONE;
    }
  }

  /** setxattr(2) of an access control list, valid or not. */
  record SetAcl(String target, AclKind kind, List<AclEntry> entries, boolean clearSetgid)
      implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      InodeNumber inode = session.inode(target);
      session
          .tree()
          .setxattr(
              Caller.ROOT, inode, kind.attribute(), wire(entries), XattrMode.SET, clearSetgid);
      return shown(session.tree().getattr(Caller.ROOT, inode));
    }

    /** As the kernel has it on the wire. */
    public static byte[] wire(List<AclEntry> entries) {
      ByteBuffer value = ByteBuffer.allocate(4 + entries.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
      value.putInt(2);
      for (AclEntry entry : entries) {
        value.putShort((short) entry.tag().code()).putShort((short) entry.permissions());
        value.putInt(entry.id());
      }
      return value.array();
    }
  }

  /** getxattr(2). */
  record GetXattr(String target, String name) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      byte[] value =
          session.tree().getxattr(Caller.ROOT, session.inode(target), XattrName.of(name));
      return value.length + " with hash " + Arrays.hashCode(value);
    }
  }

  /** removexattr(2). */
  record RemoveXattr(String target, String name) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.tree().removexattr(Caller.ROOT, session.inode(target), XattrName.of(name));
      return DONE;
    }
  }

  /** listxattr(2). */
  record ListXattrs(String target) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      return session.tree().listxattr(Caller.ROOT, session.inode(target)).stream()
          .sorted()
          .toList()
          .toString();
    }
  }

  /** Keeps a file as if open, through renames and removal. */
  record Hold(String slot, String path) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.hold(slot, path);
      return DONE;
    }
  }

  /** Lets go of it. */
  record Release(String slot) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) {
      session.release(slot);
      return DONE;
    }
  }

  /** fsync(2). */
  record Sync(String target, boolean dataOnly) implements VfsOperation {
    @Override
    public String runOn(VfsSession session) throws FsException {
      session.tree().fsync(Caller.ROOT, session.inode(target), FileHandle.NONE, dataOnly);
      return DONE;
    }
  }

  private static String made(VfsSession session, Entry entry) {
    session.tree().forget(entry.inode(), 1);
    return shown(entry.attributes());
  }

  /** What every right tree agrees on. */
  private static String shown(Attributes attributes) {
    String size = attributes.isDirectory() ? "" : " size " + Long.toString(attributes.sizeBytes());
    return Stream.of(
                attributes.type(),
                Integer.toOctalString(attributes.permissions()),
                attributes.links(),
                attributes.uid(),
                attributes.gid(),
                attributes.device())
            .toList()
        + size;
  }

  private static byte[] bytes(int length, int fill) {
    byte[] bytes = new byte[length];
    new Random(fill).nextBytes(bytes);
    return bytes;
  }
}
