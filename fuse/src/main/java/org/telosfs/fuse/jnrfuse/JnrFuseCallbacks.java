package org.telosfs.fuse.jnrfuse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jnr.ffi.Pointer;
import jnr.ffi.Struct;
import jnr.ffi.types.dev_t;
import jnr.ffi.types.gid_t;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.uid_t;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.TimeChange;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/**
 * libfuse's path callbacks, answered by a tree. A callback returns 0 (or a count), or a negative
 * errno; {@link #answer} is the one place where a refusal or a bug becomes one.
 *
 * <p>{@code fi->fh} of an open file is its position in {@link OpenFiles}, so that a file lives on
 * while it is open, whatever becomes of its name.
 */
final class JnrFuseCallbacks extends FuseStubFS {
  private static final System.Logger LOG = System.getLogger(JnrFuseCallbacks.class.getName());

  private static final int UTIME_NOW = (1 << 30) - 1;
  private static final int UTIME_OMIT = (1 << 30) - 2;

  /** The flags of {@code struct fuse_operations} (fuse 2.9, fuse.h) stand behind 38 pointers. */
  private static final long FLAGS_OFFSET = 38L * Long.BYTES;

  /** The bit of {@code flag_utime_omit_ok} in the flags of {@code struct fuse_operations}. */
  private static final int UTIME_OMIT_OK = 1 << 2;

  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;
  private static final int FALLOC_KEEP_SIZE = 1;
  private static final int FALLOC_PUNCH_HOLE = 2;
  private static final int FALLOC_ZERO_RANGE = 16;

  private final VirtualFileSystem tree;
  private final PathResolver paths;
  private final OpenFiles files;
  private final CountDownLatch initialized;

  /** {@code initialized} is counted down when the kernel has answered, which is: mounted. */
  JnrFuseCallbacks(VirtualFileSystem tree, CountDownLatch initialized) {
    this.tree = tree;
    this.paths = new PathResolver(tree);
    this.files = new OpenFiles(paths);
    this.initialized = initialized;
  }

  /** Runs libfuse's loop until the mount ends; its exit code. */
  int run(String[] arguments) {
    // jnr-fuse has no setter for the flag without which libfuse never passes UTIME_OMIT on.
    Struct.getMemory(fuseOperations).putInt(FLAGS_OFFSET, UTIME_OMIT_OK);
    try {
      return libFuse.fuse_main_real(
          arguments.length, arguments, fuseOperations, Struct.size(fuseOperations), null);
    } finally {
      files.releaseAll(tree);
    }
  }

  @Override
  public Pointer init(Pointer connection) {
    initialized.countDown();
    return connection;
  }

  // ---- names

  @Override
  public int mknod(String path, @mode_t long mode, @dev_t long device) {
    return answer(
        "mknod",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            FileType type = FileType.ofMode((int) mode);
            paths.forgotten(
                tree.mknod(
                    caller,
                    at.directory(),
                    at.name(),
                    type,
                    (int) mode & Attributes.PERMISSION_MASK,
                    (int) device));
          }
          return 0;
        });
  }

  @Override
  public int mkdir(String path, @mode_t long mode) {
    return answer(
        "mkdir",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            int permissions = (int) mode & Attributes.PERMISSION_MASK;
            paths.forgotten(tree.mkdir(caller, at.directory(), at.name(), permissions));
          }
          return 0;
        });
  }

  @Override
  public int symlink(String target, String path) {
    return answer(
        "symlink",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
            paths.forgotten(tree.symlink(caller, at.directory(), at.name(), bytes));
          }
          return 0;
        });
  }

  @Override
  public int readlink(String path, Pointer into, @size_t long size) {
    return onInode(
        "readlink",
        path,
        (caller, inode) -> {
          byte[] target = tree.readlink(caller, inode);
          int bytes = (int) Math.min(target.length, size - 1);
          into.put(0, target, 0, bytes);
          into.putByte(bytes, (byte) 0);
          return 0;
        });
  }

  @Override
  public int link(String existing, String path) {
    return onInode(
        "link",
        existing,
        (caller, inode) -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            paths.forgotten(tree.link(caller, inode, at.directory(), at.name()));
          }
          return 0;
        });
  }

  @Override
  public int unlink(String path) {
    return answer(
        "unlink",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            tree.unlink(caller, at.directory(), at.name());
          }
          return 0;
        });
  }

  @Override
  public int rmdir(String path) {
    return answer(
        "rmdir",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            tree.rmdir(caller, at.directory(), at.name());
          }
          return 0;
        });
  }

  @Override
  public int rename(String oldPath, String newPath) {
    return answer(
        "rename",
        oldPath,
        caller -> {
          try (PathResolver.Place from = paths.place(caller, oldPath);
              PathResolver.Place to = paths.place(caller, newPath)) {
            tree.rename(
                caller,
                from.directory(),
                from.name(),
                to.directory(),
                to.name(),
                RenameMode.REPLACE);
          }
          return 0;
        });
  }

  // ---- attributes

  @Override
  public int getattr(String path, FileStat into) {
    return onInode(
        "getattr",
        path,
        (caller, inode) -> {
          StatCopy.copy(tree.getattr(caller, inode), into);
          return 0;
        });
  }

  @Override
  public int fgetattr(String path, FileStat into, FuseFileInfo file) {
    return answer(
        "fgetattr",
        path,
        caller -> {
          StatCopy.copy(tree.getattr(caller, files.inode(file)), into);
          return 0;
        });
  }

  @Override
  public int chmod(String path, @mode_t long mode) {
    int permissions = (int) mode & Attributes.PERMISSION_MASK;
    return change("chmod", path, AttributeChange.permissions(permissions));
  }

  @Override
  public int chown(String path, @uid_t long uid, @gid_t long gid) {
    return change("chown", path, AttributeChange.owner(keepIfMinusOne(uid), keepIfMinusOne(gid)));
  }

  @Override
  public int truncate(String path, @off_t long sizeBytes) {
    return change("truncate", path, AttributeChange.size(sizeBytes));
  }

  @Override
  public int ftruncate(String path, @off_t long sizeBytes, FuseFileInfo file) {
    return answer(
        "ftruncate",
        path,
        caller -> {
          tree.setattr(caller, files.inode(file), AttributeChange.size(sizeBytes));
          return 0;
        });
  }

  @Override
  public int utimens(String path, Timespec[] times) {
    return change(
        "utimens", path, AttributeChange.times(timeChange(times[0]), timeChange(times[1])));
  }

  // ---- content

  @Override
  public int create(String path, @mode_t long mode, FuseFileInfo file) {
    return answer(
        "create",
        path,
        caller -> {
          try (PathResolver.Place at = paths.place(caller, path)) {
            var created =
                tree.create(
                    caller,
                    at.directory(),
                    at.name(),
                    (int) mode & Attributes.PERMISSION_MASK,
                    new OpenFlags(file.flags.get()));
            files.add(file, created.entry().inode(), created.opened().handle());
          }
          return 0;
        });
  }

  @Override
  public int open(String path, FuseFileInfo file) {
    return answer(
        "open",
        path,
        caller -> {
          try (PathResolver.Resolved at = paths.resolve(caller, path)) {
            FileHandle handle = FileHandle.NONE;
            if (!tree.traits().statelessOpen()) {
              handle = tree.open(caller, at.inode(), new OpenFlags(file.flags.get())).handle();
            }
            files.add(file, at.keep(), handle);
          }
          return 0;
        });
  }

  @Override
  public int release(String path, FuseFileInfo file) {
    return answer(
        "release",
        path,
        caller -> {
          files.remove(tree, file);
          return 0;
        });
  }

  @Override
  public int read(
      String path, Pointer into, @size_t long size, @off_t long offset, FuseFileInfo file) {
    return answer(
        "read",
        path,
        caller -> {
          byte[] bytes = new byte[(int) size];
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          int read = tree.read(caller, files.inode(file), files.handle(file), offset, buffer);
          into.put(0, bytes, 0, read);
          return read;
        });
  }

  @Override
  public int write(
      String path, Pointer from, @size_t long size, @off_t long offset, FuseFileInfo file) {
    return answer(
        "write",
        path,
        caller -> {
          byte[] bytes = new byte[(int) size];
          from.get(0, bytes, 0, bytes.length);
          // What the file loses the kernel takes away by itself: libfuse 2 cannot be told.
          return tree.write(
              caller,
              files.inode(file),
              files.handle(file),
              offset,
              ByteBuffer.wrap(bytes),
              PrivilegeLoss.NONE);
        });
  }

  @Override
  public int fsync(String path, int dataOnly, FuseFileInfo file) {
    return answer(
        "fsync",
        path,
        caller -> {
          tree.fsync(caller, files.inode(file), files.handle(file), dataOnly != 0);
          return 0;
        });
  }

  @Override
  public int fallocate(
      String path, int mode, @off_t long offset, @off_t long length, FuseFileInfo file) {
    return answer(
        "fallocate",
        path,
        caller -> {
          tree.allocate(
              caller, files.inode(file), files.handle(file), allocateMode(mode), offset, length);
          return 0;
        });
  }

  // ---- directories

  @Override
  public int readdir(
      String path, Pointer into, FuseFillDir fill, @off_t long offset, FuseFileInfo file) {
    return onInode(
        "readdir",
        path,
        (caller, inode) -> {
          FileHandle handle = FileHandle.NONE;
          boolean stateful = !tree.traits().statelessOpen();
          if (stateful) {
            handle = tree.opendir(caller, inode).handle();
          }
          try {
            // Offset 0 for every entry: libfuse keeps the whole listing and pages it itself.
            List<DirectoryEntry> entries = new ArrayList<>();
            tree.readdir(caller, inode, handle, 0, entries::add);
            for (DirectoryEntry entry : entries) {
              if (fill.apply(into, entry.name().toString(), null, 0) != 0) {
                throw new FsException(Errno.ENOMEM, "libfuse's buffer for a listing");
              }
            }
          } finally {
            if (stateful) {
              tree.releasedir(inode, handle);
            }
          }
          return 0;
        });
  }

  @Override
  public int fsyncdir(String path, FuseFileInfo file) {
    return onInode(
        "fsyncdir",
        path,
        (caller, inode) -> {
          tree.fsync(caller, inode, FileHandle.NONE, false);
          return 0;
        });
  }

  // ---- extended attributes

  @Override
  public int setxattr(String path, String name, Pointer value, @size_t long size, int flags) {
    return onInode(
        "setxattr",
        path,
        (caller, inode) -> {
          refuseAcl(xattrName(name));
          byte[] bytes = new byte[(int) size];
          value.get(0, bytes, 0, bytes.length);
          tree.setxattr(caller, inode, xattrName(name), bytes, xattrMode(flags), false);
          return 0;
        });
  }

  @Override
  public int getxattr(String path, String name, Pointer into, @size_t long size) {
    return onInode(
        "getxattr",
        path,
        (caller, inode) -> putIfItFits(tree.getxattr(caller, inode, xattrName(name)), into, size));
  }

  @Override
  public int listxattr(String path, Pointer into, @size_t long size) {
    return onInode(
        "listxattr",
        path,
        (caller, inode) -> {
          List<XattrName> names = tree.listxattr(caller, inode);
          ByteBuffer list =
              ByteBuffer.allocate(names.stream().mapToInt(name -> name.length() + 1).sum());
          for (XattrName name : names) {
            name.putInto(list);
            list.put((byte) 0);
          }
          return putIfItFits(list.array(), into, size);
        });
  }

  @Override
  public int removexattr(String path, String name) {
    return onInode(
        "removexattr",
        path,
        (caller, inode) -> {
          tree.removexattr(caller, inode, xattrName(name));
          return 0;
        });
  }

  // ---- the whole

  @Override
  public int statfs(String path, Statvfs into) {
    return onInode(
        "statfs",
        path,
        (caller, inode) -> {
          StatCopy.copy(tree.statfs(caller, inode), into);
          return 0;
        });
  }

  // ---- how every callback answers

  @FunctionalInterface
  private interface Operation {
    int run(Caller caller) throws FsException;
  }

  @FunctionalInterface
  private interface InodeOperation {
    int run(Caller caller, InodeNumber inode) throws FsException;
  }

  private int answer(String what, String path, Operation operation) {
    try {
      FuseContext context = getContext();
      return operation.run(
          new Caller((int) context.uid.get(), (int) context.gid.get(), (int) context.pid.get(), 0));
    } catch (FsException refusal) {
      return -refusal.errno().number();
    } catch (RuntimeException | Error bug) {
      LOG.log(System.Logger.Level.ERROR, what + " of " + path + " failed; answered EIO", bug);
      return -Errno.EIO.number();
    }
  }

  private int onInode(String what, String path, InodeOperation operation) {
    return answer(
        what,
        path,
        caller -> {
          try (PathResolver.Resolved at = paths.resolve(caller, path)) {
            return operation.run(caller, at.inode());
          }
        });
  }

  private int change(String what, String path, AttributeChange change) {
    return onInode(
        what,
        path,
        (caller, inode) -> {
          tree.setattr(caller, inode, change);
          return 0;
        });
  }

  @SuppressWarnings("NullAway") // null is AttributeChange's "keep"
  private static Integer keepIfMinusOne(long id) {
    return (int) id == -1 ? null : (Integer) (int) id;
  }

  private static TimeChange timeChange(Timespec time) {
    long nanos = time.tv_nsec.longValue();
    if (nanos == UTIME_OMIT) {
      return TimeChange.KEEP;
    }
    if (nanos == UTIME_NOW) {
      return TimeChange.NOW;
    }
    return new TimeChange.At(new Timestamp(time.tv_sec.get(), (int) nanos));
  }

  private static AllocateMode allocateMode(int mode) throws FsException {
    return switch (mode) {
      case 0 -> AllocateMode.ALLOCATE;
      case FALLOC_KEEP_SIZE -> AllocateMode.ALLOCATE_KEEP_SIZE;
      case FALLOC_PUNCH_HOLE | FALLOC_KEEP_SIZE -> AllocateMode.PUNCH_HOLE;
      case FALLOC_ZERO_RANGE -> AllocateMode.ZERO_RANGE;
      case FALLOC_ZERO_RANGE | FALLOC_KEEP_SIZE -> AllocateMode.ZERO_RANGE_KEEP_SIZE;
      default -> throw new FsException(Errno.EOPNOTSUPP, "fallocate mode " + mode);
    };
  }

  private static XattrName xattrName(String name) throws FsException {
    return XattrName.of(name.getBytes(StandardCharsets.UTF_8));
  }

  /** An access control list that nobody enforces would give its group more than it says. */
  private static void refuseAcl(XattrName name) throws FsException {
    if (AclKind.of(name) != null) {
      throw new FsException(Errno.EOPNOTSUPP, "libfuse 2 enforces no " + name);
    }
  }

  private static XattrMode xattrMode(int flags) throws FsException {
    return switch (flags) {
      case 0 -> XattrMode.SET;
      case XATTR_CREATE -> XattrMode.CREATE;
      case XATTR_REPLACE -> XattrMode.REPLACE;
      default -> throw new FsException(Errno.EINVAL, "setxattr flags " + flags);
    };
  }

  private static int putIfItFits(byte[] value, Pointer into, long size) throws FsException {
    if (size == 0) {
      return value.length;
    }
    if (value.length > size) {
      throw new FsException(Errno.ERANGE);
    }
    into.put(0, value, 0, value.length);
    return value.length;
  }
}
