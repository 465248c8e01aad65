package org.telosfs.fuse.kernel;

import jnr.ffi.LibraryLoader;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

/**
 * The system calls by which a helper program mounts for an ordinary user. Apart from {@link
 * NativeCalls}, so that root, who needs none of them, starts sooner.
 */
final class HelperCalls {
  static final int AF_UNIX = 1;
  static final int SOCK_STREAM = 1;
  static final int SOCK_CLOEXEC = 02000000;
  static final int SOL_SOCKET = 1;
  static final int SCM_RIGHTS = 1;

  private final C c = Library.C_LIBRARY;

  private static final class Library {
    static final C C_LIBRARY = LibraryLoader.create(C.class).load("c");
  }

  int socketpair(int domain, int type, long twoInts) {
    return c.socketpair(domain, type, 0, twoInts);
  }

  int pipe2(long twoInts, int flags) {
    return c.pipe2(twoInts, flags);
  }

  long recvmsg(int fd, long message) {
    return c.recvmsg(fd, message, 0);
  }

  int posixSpawn(long pid, String path, long actions, long arguments, long environment) {
    return c.posix_spawn(pid, NativeCalls.cString(path), actions, 0, arguments, environment);
  }

  int spawnActionsInit(long actions) {
    return c.posix_spawn_file_actions_init(actions);
  }

  int spawnActionsDup2(long actions, int fd, int as) {
    return c.posix_spawn_file_actions_adddup2(actions, fd, as);
  }

  int spawnActionsDestroy(long actions) {
    return c.posix_spawn_file_actions_destroy(actions);
  }

  int waitpid(int pid, long status) {
    return c.waitpid(pid, status, 0);
  }

  /** The C library. */
  public interface C {
    int socketpair(int domain, int type, int protocol, @u_int64_t long twoInts);

    int pipe2(@u_int64_t long twoInts, int flags);

    @ssize_t
    long recvmsg(int fd, @u_int64_t long message, int flags);

    int posix_spawn(
        @u_int64_t long pid,
        byte[] path,
        @u_int64_t long actions,
        @u_int64_t long attributes,
        @u_int64_t long arguments,
        @u_int64_t long environment);

    int posix_spawn_file_actions_init(@u_int64_t long actions);

    int posix_spawn_file_actions_adddup2(@u_int64_t long actions, int fd, int as);

    int posix_spawn_file_actions_destroy(@u_int64_t long actions);

    int waitpid(int pid, @u_int64_t long status, int options);
  }
}
