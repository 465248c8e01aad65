package org.telosfs.vfs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree by paths, for tests: {@code "a/b"} from the root, {@code ""} for the root itself. Lookups
 * are given back at once, unless a method says that it holds one.
 */
public record PathWalk(VirtualFileSystem tree) {
  private static final int READ_BYTES = 1 << 16;

  /** The last name of a path. */
  public static FileName name(String path) {
    return FileName.of(path.substring(path.lastIndexOf('/') + 1));
  }

  /** The directory of the last name. */
  public InodeNumber above(String path) throws FsException {
    int slash = path.lastIndexOf('/');
    return inode(slash < 0 ? "" : path.substring(0, slash));
  }

  /** The inode at the path, not held. */
  public InodeNumber inode(String path) throws FsException {
    InodeNumber at = InodeNumber.ROOT;
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        Entry next = tree.lookup(Caller.ROOT, at, FileName.of(part));
        tree.forget(next.inode(), 1);
        at = next.inode();
      }
    }
    return at;
  }

  /** Looks the path up and holds it; the caller owes one forget. */
  public InodeNumber hold(String path) throws FsException {
    return tree.lookup(Caller.ROOT, above(path), name(path)).inode();
  }

  /** True if the path leads somewhere. */
  public boolean exists(String path) throws FsException {
    try {
      inode(path);
      return true;
    } catch (FsException refusal) {
      if (refusal.errno() == Errno.ENOENT) {
        return false;
      }
      throw refusal;
    }
  }

  /** What stat(2) tells. */
  public Attributes stat(String path) throws FsException {
    return tree.getattr(Caller.ROOT, inode(path));
  }

  /** Makes an empty file of mode 0644. */
  public InodeNumber file(String path) throws FsException {
    return file(path, 0644);
  }

  /** Makes an empty file. */
  public InodeNumber file(String path, int permissions) throws FsException {
    return released(
        tree.mknod(Caller.ROOT, above(path), name(path), FileType.REGULAR, permissions, 0));
  }

  /** Makes a file with this text. */
  public InodeNumber file(String path, String text) throws FsException {
    InodeNumber made = file(path);
    write(made, 0, text);
    return made;
  }

  /** Makes a directory of mode 0755. */
  public InodeNumber directory(String path) throws FsException {
    return released(tree.mkdir(Caller.ROOT, above(path), name(path), 0755));
  }

  /** Makes a symbolic link. */
  public InodeNumber symlink(String path, String target) throws FsException {
    return released(
        tree.symlink(
            Caller.ROOT, above(path), name(path), target.getBytes(StandardCharsets.UTF_8)));
  }

  /** Gives what {@code path} leads to one more name. */
  public void link(String path, String newPath) throws FsException {
    released(tree.link(Caller.ROOT, inode(path), above(newPath), name(newPath)));
  }

  /** Removes a name of no directory. */
  public void unlink(String path) throws FsException {
    tree.unlink(Caller.ROOT, above(path), name(path));
  }

  /** Removes a directory. */
  public void rmdir(String path) throws FsException {
    tree.rmdir(Caller.ROOT, above(path), name(path));
  }

  /** Renames as rename(2). */
  public void rename(String from, String to) throws FsException {
    rename(from, to, RenameMode.REPLACE);
  }

  /** Renames as renameat2(2). */
  public void rename(String from, String to, RenameMode mode) throws FsException {
    tree.rename(Caller.ROOT, above(from), name(from), above(to), name(to), mode);
  }

  /** Writes text. */
  public void write(InodeNumber inode, long offsetBytes, String text) throws FsException {
    write(inode, offsetBytes, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes. */
  public void write(InodeNumber inode, long offsetBytes, byte[] bytes) throws FsException {
    int written =
        tree.write(
            Caller.ROOT,
            inode,
            FileHandle.NONE,
            offsetBytes,
            ByteBuffer.wrap(bytes),
            PrivilegeLoss.CAPABILITY);
    if (written < bytes.length) {
      throw new FsException(Errno.ENOSPC, written + " of " + bytes.length + " bytes written");
    }
  }

  /** Reads up to so many bytes. */
  public byte[] read(InodeNumber inode, long offsetBytes, int lengthBytes) throws FsException {
    ByteBuffer into = ByteBuffer.allocate(lengthBytes);
    tree.read(Caller.ROOT, inode, FileHandle.NONE, offsetBytes, into);
    byte[] had = new byte[into.flip().remaining()];
    into.get(had);
    return had;
  }

  /** The whole content as text. */
  public String text(InodeNumber inode) throws FsException {
    return new String(content(inode), StandardCharsets.UTF_8);
  }

  /** The whole content. */
  public byte[] content(InodeNumber inode) throws FsException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = read(inode, 0, READ_BYTES);
    while (piece.length > 0) {
      all.writeBytes(piece);
      piece = read(inode, all.size(), READ_BYTES);
    }
    return all.toByteArray();
  }

  /** The whole listing with {@code .} and {@code ..}. */
  public List<DirectoryEntry> list(InodeNumber directory) throws FsException {
    List<DirectoryEntry> all = new ArrayList<>();
    tree.readdir(
        Caller.ROOT,
        directory,
        FileHandle.NONE,
        0,
        entry -> {
          all.add(entry);
          return true;
        });
    return all;
  }

  /** The names in a directory, sorted, without dots. */
  public List<FileName> names(String path) throws FsException {
    return list(inode(path)).stream()
        .map(DirectoryEntry::name)
        .filter(name -> !name.isDots())
        .sorted()
        .toList();
  }

  private InodeNumber released(Entry entry) {
    tree.forget(entry.inode(), 1);
    return entry.inode();
  }

  /** Removes all that lies in a directory. */
  public void removeBelow(String path) throws FsException {
    for (DirectoryEntry entry : list(inode(path))) {
      String below = path + "/" + entry.name();
      if (entry.name().isDots()) {
        continue;
      }
      if (stat(below).isDirectory()) {
        removeBelow(below);
        rmdir(below);
      } else {
        unlink(below);
      }
    }
  }
}
