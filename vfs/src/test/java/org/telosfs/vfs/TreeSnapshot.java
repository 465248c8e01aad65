package org.telosfs.vfs;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * All that is to be seen of a tree, in one canonical form: two trees hold the same if and only if
 * their snapshots are equal. Inodes are told apart by the first of their paths, not by number.
 *
 * @param lines what there is to say of each path, which starts with {@code /}
 */
public record TreeSnapshot(SortedMap<String, String> lines) {
  private static final int PIECE_BYTES = 1 << 18;

  /** Which times count. */
  public enum Times {
    NONE,
    MODIFIED
  }

  /** Dumps a tree on which nothing else runs, without regard to times. */
  public static TreeSnapshot of(VirtualFileSystem tree) throws FsException {
    return of(tree, Times.NONE);
  }

  /** Dumps a tree on which nothing else runs. */
  public static TreeSnapshot of(VirtualFileSystem tree, Times times) throws FsException {
    return new Dump(tree, times).whole();
  }

  /** Where the other differs, path by path, for people; empty if they are equal. */
  public List<String> differencesTo(TreeSnapshot other) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(lines.keySet());
    paths.addAll(other.lines.keySet());
    for (String path : paths) {
      String mine = lines.getOrDefault(path, "absent");
      String others = other.lines.getOrDefault(path, "absent");
      if (!mine.equals(others)) {
        differences.add(path + "\n  here:  " + mine + "\n  there: " + others);
      }
    }
    return differences;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    lines.forEach((path, line) -> text.append(path).append(": ").append(line).append('\n'));
    return text.toString();
  }

  private static final class Dump {
    private final VirtualFileSystem tree;
    private final PathWalk walk;
    private final Times times;
    private final SortedMap<String, String> lines = new TreeMap<>();
    private final Map<InodeNumber, String> firstPaths = new HashMap<>();

    Dump(VirtualFileSystem tree, Times times) {
      this.tree = tree;
      this.walk = new PathWalk(tree);
      this.times = times;
    }

    TreeSnapshot whole() throws FsException {
      Deque<Map.Entry<String, InodeNumber>> directories = new ArrayDeque<>();
      lines.put("/", describe(InodeNumber.ROOT, "/"));
      directories.add(Map.entry("", InodeNumber.ROOT));
      while (!directories.isEmpty()) {
        Map.Entry<String, InodeNumber> above = directories.removeFirst();
        List<DirectoryEntry> sorted = new ArrayList<>(walk.list(above.getValue()));
        sorted.sort((one, other) -> one.name().compareTo(other.name()));
        for (DirectoryEntry entry : sorted) {
          if (!entry.name().isDots()) {
            String path = above.getKey() + "/" + readable(entry.name());
            Entry looked = tree.lookup(Caller.ROOT, above.getValue(), entry.name());
            tree.forget(looked.inode(), 1);
            lines.put(path, listed(entry, looked) + describe(looked.inode(), path));
            if (looked.attributes().isDirectory()) {
              directories.add(Map.entry(path, looked.inode()));
            }
          }
        }
      }
      return new TreeSnapshot(lines);
    }

    /** Nothing, unless listing and lookup contradict each other. */
    private static String listed(DirectoryEntry entry, Entry looked) {
      boolean agree =
          entry.inode().equals(looked.inode()) && entry.type() == looked.attributes().type();
      return agree ? "" : "listed as " + entry + " but ";
    }

    private String describe(InodeNumber inode, String path) throws FsException {
      Attributes attributes = tree.getattr(Caller.ROOT, inode);
      StringBuilder line = new StringBuilder();
      line.append(attributes.type())
          .append(" 0")
          .append(Integer.toOctalString(attributes.permissions()))
          .append(" links=")
          .append(attributes.links())
          .append(" owner=")
          .append(Integer.toUnsignedString(attributes.uid()))
          .append(':')
          .append(Integer.toUnsignedString(attributes.gid()))
          .append(" device=")
          .append(attributes.device());
      if (times == Times.MODIFIED) {
        line.append(" mtime=").append(attributes.modified().toInstant());
      }
      String first = firstPaths.putIfAbsent(inode, path);
      if (first != null) {
        return line.append(" same as ").append(first).toString();
      }
      if (attributes.type() == FileType.REGULAR) {
        line.append(" size=").append(attributes.sizeBytes()).append(content(inode));
      } else if (attributes.type() == FileType.SYMLINK) {
        byte[] target = tree.readlink(Caller.ROOT, inode);
        line.append(" size=").append(attributes.sizeBytes());
        line.append(" to=").append(HexFormat.of().formatHex(target));
      }
      for (XattrName name : new TreeSet<>(tree.listxattr(Caller.ROOT, inode))) {
        byte[] value = tree.getxattr(Caller.ROOT, inode, name);
        line.append(' ').append(name).append('=').append(HexFormat.of().formatHex(value));
      }
      return line.toString();
    }

    private String content(InodeNumber inode) throws FsException {
      CRC32C sum = new CRC32C();
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      long at = 0;
      while (tree.read(Caller.ROOT, inode, FileHandle.NONE, at, piece.clear()) > 0) {
        at += piece.flip().remaining();
        sum.update(piece);
      }
      return " read=" + at + " crc32c=" + Long.toHexString(sum.getValue());
    }

    /** The name as text if it is text, else its bytes; distinct names stay distinct. */
    private static String readable(FileName name) {
      String text = name.toString();
      boolean faithful = !text.startsWith("0x") && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
      return faithful ? text : "0x" + HexFormat.of().formatHex(name.toBytes());
    }
  }
}
